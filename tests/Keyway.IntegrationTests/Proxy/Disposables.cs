namespace Keyway.IntegrationTests.Proxy;

/// <summary>Many things that end together.</summary>
internal sealed class Disposables : IDisposable
{
    private readonly List<IDisposable> _all = [];

    /// <summary>Takes care of the thing and gives it back.</summary>
    public T Add<T>(T item)
        where T : IDisposable
    {
        _all.Add(item);
        return item;
    }

    /// <inheritdoc/>
    public void Dispose() => _all.ForEach(static item => item.Dispose());
}
