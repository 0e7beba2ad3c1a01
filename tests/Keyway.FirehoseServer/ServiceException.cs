namespace Keyway.FirehoseServer;

/// <summary>An error as the service answers it.</summary>
internal sealed class ServiceException(string code, string message, int status = 400) : Exception(message)
{
    public string Code => code;

    public int Status => status;
}
