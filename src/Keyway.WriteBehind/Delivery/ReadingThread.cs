using System.Collections.Concurrent;

namespace Keyway.WriteBehind.Delivery;

/// <summary>The thread that waits for the disk when a journal is read.</summary>
internal sealed class ReadingThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    public ReadingThread()
    {
        _thread = new Thread(Run) { Name = "keyway-journal", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Hands over work, which must not throw; after the end it is dropped.</summary>
    public void Do(Action work)
    {
        try
        {
            _work.Add(work);
        }
        catch (InvalidOperationException)
        {
            // The process ends.
        }
    }

    /// <summary>Ends with what is under way.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Run()
    {
        foreach (Action work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
