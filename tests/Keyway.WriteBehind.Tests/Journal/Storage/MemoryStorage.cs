using System.Runtime.InteropServices;
using Keyway.WriteBehind.Journal;
using Keyway.WriteBehind.Journal.Storage;

namespace Keyway.WriteBehind.Tests.Journal.Storage;

/// <summary>
/// A directory in memory that knows which bytes and names are on the medium, fails as it is told, and can end "the process" before any operation.
/// After that, <see cref="AfterKill"/> is what the kernel has, and <see cref="AfterPowerCut"/> what may be left on the medium.
/// </summary>
internal sealed class MemoryStorage : IJournalStorage
{
    private readonly Dictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _namesOnMedium = new(StringComparer.Ordinal);
    private bool _locked;

    /// <summary>Bytes that may still be written; what does not fit is written in part and then refused.</summary>
    public long Free { get; set; } = long.MaxValue;

    /// <summary>What fails.</summary>
    public StorageFault Fault { get; set; }

    /// <summary>How many bytes of a failing write arrive nevertheless.</summary>
    public int BytesOfFailingWrite { get; set; }

    /// <summary>Operations that change something, so far.</summary>
    public int Operations { get; private set; }

    /// <summary>The process ends before the operation of this number.</summary>
    public int CrashAt { get; set; } = int.MaxValue;

    /// <summary>Memory that each new file takes at once.</summary>
    public int Capacity { get; init; }

    public int Syncs { get; private set; }

    public int Reads { get; private set; }

    public long BytesRead { get; private set; }

    public IEnumerable<string> Segments => _files.Keys.Where(name => name.EndsWith(".journal", StringComparison.Ordinal)).Order();

    public IEnumerable<string> Corrupt => _files.Keys.Where(name => name.EndsWith(".corrupt", StringComparison.Ordinal)).Order();

    public IEnumerable<string> Completions => _files.Keys.Where(name => name.EndsWith(".done", StringComparison.Ordinal)).Order();

    public byte[] this[string name]
    {
        get => [.. _files[name].Bytes];
        set
        {
            _files[name] = new MemoryFile(this, [.. value]);
            _namesOnMedium.Add(name);
        }
    }

    /// <summary>What another process finds after this one was killed.</summary>
    public MemoryStorage AfterKill()
    {
        var copy = new MemoryStorage();
        foreach ((string name, MemoryFile file) in _files)
        {
            copy[name] = [.. file.Bytes];
        }

        return copy;
    }

    /// <summary>One of the states that a power cut may leave: all that was flushed, and of the rest some, perhaps as zeros.</summary>
    public MemoryStorage AfterPowerCut(Random random)
    {
        var copy = new MemoryStorage();
        foreach ((string name, MemoryFile file) in _files)
        {
            if (_namesOnMedium.Contains(name) || random.Next(2) == 0)
            {
                copy[name] = file.AfterPowerCut(random);
            }
        }

        return copy;
    }

    public IDisposable Lock()
    {
        if (_locked)
        {
            throw new JournalException("locked");
        }

        _locked = true;
        return new Releaser(this);
    }

    public IReadOnlyList<string> List() => [.. _files.Keys];

    public IJournalFile OpenRead(string name) =>
        _files.TryGetValue(name, out MemoryFile? file) ? file : throw new FileNotFoundException(name);

    public IJournalFile OpenWrite(string name)
    {
        if (!_files.TryGetValue(name, out MemoryFile? file))
        {
            Step();
            if (Fails(StorageFault.Create))
            {
                throw new IOException("no more files", 28);
            }

            _files[name] = file = new MemoryFile(this, new List<byte>(Capacity));
        }

        return file;
    }

    public void Delete(string name)
    {
        Step();
        _files.Remove(name);
        _namesOnMedium.Remove(name); // A deletion that comes back after a power cut is a redelivery; the tests of crashes are about losses.
    }

    public void SyncNames()
    {
        Step();
        _namesOnMedium.UnionWith(_files.Keys);
    }

    public long FreeBytes() => Free;

    /// <summary>HasFlag would allocate before it is optimised, which one test counts.</summary>
    private bool Fails(StorageFault fault) => (Fault & fault) != 0;

    private void Step()
    {
        if (Operations >= CrashAt)
        {
            throw new CrashException();
        }

        Operations++;
    }

    private sealed class Releaser(MemoryStorage storage) : IDisposable
    {
        public void Dispose() => storage._locked = false;
    }

    private sealed class MemoryFile(MemoryStorage storage, List<byte> bytes) : IJournalFile
    {
        private byte[] _onMedium = [.. bytes];

        public List<byte> Bytes { get; } = bytes;

        public long Length => Bytes.Count;

        public int Read(long offset, Span<byte> target)
        {
            storage.Reads++;
            if (storage.Fails(StorageFault.Read))
            {
                throw new IOException("input/output error", 5);
            }

            int count = (int)Math.Max(0, Math.Min(target.Length, Bytes.Count - offset));
            CollectionsMarshal.AsSpan(Bytes).Slice((int)offset, count).CopyTo(target);
            storage.BytesRead += count;
            return count;
        }

        public void Write(long offset, ReadOnlySpan<byte> content)
        {
            storage.Step();
            if (storage.Fails(StorageFault.Write))
            {
                Put(offset, content[..Math.Min(content.Length, storage.BytesOfFailingWrite)]);
                throw new IOException("input/output error", 5);
            }

            if (content.Length > storage.Free)
            {
                Put(offset, content[..(int)storage.Free]);
                throw new IOException("no space left on device", 28);
            }

            Put(offset, content);
        }

        public void SetLength(long length)
        {
            storage.Step();
            if (storage.Fails(StorageFault.Cut))
            {
                throw new IOException("input/output error", 5);
            }

            storage.Free += storage.Free == long.MaxValue ? 0 : Bytes.Count - length;
            Bytes.RemoveRange((int)length, Bytes.Count - (int)length);
        }

        public void Sync()
        {
            storage.Step();
            if (storage.Fails(StorageFault.Sync))
            {
                throw new IOException("input/output error", 5);
            }

            storage.Syncs++;
            _onMedium = [.. Bytes];
        }

        public byte[] AfterPowerCut(Random random)
        {
            // Flushed bytes that were cut off meanwhile may or may not be gone; bytes written since may be there, or be zeros.
            int kept = Math.Min(_onMedium.Length, Bytes.Count);
            byte[] left = CollectionsMarshal.AsSpan(Bytes)[..(kept + random.Next(Bytes.Count - kept + 1))].ToArray();
            if (random.Next(3) == 0)
            {
                left.AsSpan(kept + random.Next(left.Length - kept + 1)).Clear();
            }

            return left;
        }

        public void Dispose()
        {
        }

        private void Put(long offset, ReadOnlySpan<byte> content)
        {
            int grown = (int)offset + content.Length - Bytes.Count;
            if (grown > 0)
            {
                CollectionsMarshal.SetCount(Bytes, Bytes.Count + grown);
                storage.Free -= storage.Free == long.MaxValue ? 0 : grown;
            }

            content.CopyTo(CollectionsMarshal.AsSpan(Bytes)[(int)offset..]);
        }
    }
}
