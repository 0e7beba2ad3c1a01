namespace Keyway.Proxy.Pipelining;

/// <summary>The spare requests of one reactor.</summary>
internal sealed class RequestPool
{
    private const int MostKept = 16 * 1024; // 2 MiB: a burst's worth stays warm

    private Request? _free;
    private int _kept;

    internal Request Rent()
    {
        Request? request = _free;
        if (request is null)
        {
            return new Request();
        }

        _free = request.NextInClient;
        request.NextInClient = null;
        _kept--;
        return request;
    }

    /// <summary>One holder lets go; the last one gives the request back.</summary>
    internal void Release(Request request)
    {
        if (--request.Holders > 0)
        {
            return;
        }

        request.Clear();
        if (_kept < MostKept)
        {
            _kept++;
            request.NextInClient = _free;
            _free = request;
        }
    }
}
