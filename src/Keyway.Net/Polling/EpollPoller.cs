using System.ComponentModel;
using System.Net;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Keyway.Net.Native;

namespace Keyway.Net.Polling;

/// <summary>The poller of Linux: epoll, level-triggered. Events carry a slot and its generation, so that an event of a socket closed earlier in the same wake-up reaches nobody.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class EpollPoller : Poller
{
    private const int Capacity = 512; // events a wake-up; more come with the next one
    private const ulong WakeTag = ulong.MaxValue;

    // struct epoll_event is packed on x86-64 only: 12 bytes with the data at 4, else 16 with the data at 8.
    private static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private readonly byte[] _eventMemory;
    private readonly byte* _events;
    private readonly int _epoll;
    private readonly int _wake;
    private Entry[] _entries = new Entry[64];
    private int _free = -1;
    private int _used;
    private int _woken;

    internal EpollPoller()
    {
        _eventMemory = GC.AllocateArray<byte>(Capacity * EventSize, pinned: true);
        _events = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_eventMemory, 0);
        _epoll = Check(Libc.EpollCreate(Libc.CloseOnExec), "epoll_create1");
        _wake = Check(Libc.EventFd(0, Libc.CloseOnExec | Libc.NonBlocking), "eventfd");
        Check(Control(Libc.EpollCtlAdd, _wake, Libc.EpollIn, WakeTag), "epoll_ctl");
    }

    public override string Name => "epoll";

    public override void Wake()
    {
        // Many posts between two wake-ups write the eventfd once.
        if (Interlocked.Exchange(ref _woken, 1) == 0)
        {
            ulong one = 1;
            _ = Libc.Write(_wake, &one, sizeof(ulong));
        }
    }

    public override void Dispose()
    {
        // From here on nobody writes: the numbers may soon be somebody else's. Who came first writes before they are closed.
        if (Interlocked.Exchange(ref _woken, 1) != 0)
        {
            ulong value;
            while (Libc.Read(_wake, &value, sizeof(ulong)) < 0 && Marshal.GetLastPInvokeError() == Libc.Again)
            {
                Thread.Yield();
            }
        }

        _ = Libc.Close(_wake);
        _ = Libc.Close(_epoll);
    }

    internal override NetSocket Listen(EndPoint endPoint, ListenOptions options) => EpollSocket.Listen(endPoint, options);

    internal override NetSocket Connect(EndPoint endPoint) => EpollSocket.Connect(endPoint);

    internal override void Add(PollTarget target, NetSocket socket, PollInterest interest)
    {
        int slot = TakeSlot();
        ref Entry entry = ref _entries[slot];
        entry.Target = target;
        target.PollSlot = slot;
        if (Control(Libc.EpollCtlAdd, ((EpollSocket)socket).Descriptor, Mask(interest), Tag(slot, entry.Generation)) < 0)
        {
            string reason = LastErrorText();
            FreeSlot(target);
            throw new IOException($"epoll_ctl: {reason}");
        }
    }

    internal override void Change(PollTarget target, NetSocket socket, PollInterest interest) =>
        _ = Control(Libc.EpollCtlModify, ((EpollSocket)socket).Descriptor, Mask(interest), Tag(target.PollSlot, _entries[target.PollSlot].Generation));

    internal override void Remove(PollTarget target, NetSocket socket)
    {
        if (target.PollSlot >= 0)
        {
            _ = Control(Libc.EpollCtlDelete, ((EpollSocket)socket).Descriptor, 0, 0);
            FreeSlot(target);
        }
    }

    internal override int Wait(int milliseconds, IPollObserver observer)
    {
        int count = Libc.EpollWait(_epoll, _events, Capacity, milliseconds);
        observer.OnWake();
        for (int i = 0; i < count; i++)
        {
            byte* entry = _events + (i * EventSize);
            uint mask = *(uint*)entry;
            ulong tag = *(ulong*)(entry + DataOffset);
            if (tag == WakeTag)
            {
                ulong value;
                _ = Libc.Read(_wake, &value, sizeof(ulong));

                // A full fence: work posted before it is seen by the reactor, and work posted after it writes again.
                _ = Interlocked.Exchange(ref _woken, 0);
                continue;
            }

            ref Entry watched = ref _entries[(uint)tag];
            if (watched.Target is not null && watched.Generation == (uint)(tag >> 32))
            {
                observer.OnReady(watched.Target, Events(mask));
            }
        }

        return count;
    }

    private static uint Mask(PollInterest interest) =>
        ((interest & PollInterest.Read) != 0 ? Libc.EpollIn : 0) | ((interest & PollInterest.Write) != 0 ? Libc.EpollOut : 0)
        | ((interest & PollInterest.End) != 0 ? Libc.EpollReadHangup : 0);

    private static PollEvents Events(uint mask)
    {
        PollEvents events = PollEvents.None;
        if ((mask & Libc.EpollIn) != 0)
        {
            events |= PollEvents.Readable;
        }

        if ((mask & Libc.EpollOut) != 0)
        {
            events |= PollEvents.Writable;
        }

        if ((mask & (Libc.EpollHangup | Libc.EpollError)) != 0)
        {
            events |= PollEvents.Hangup;
        }

        if ((mask & Libc.EpollReadHangup) != 0)
        {
            events |= PollEvents.End;
        }

        return events;
    }

    private static ulong Tag(int slot, uint generation) => ((ulong)generation << 32) | (uint)slot;

    private static string LastErrorText() => new Win32Exception(Marshal.GetLastSystemError()).Message;

    private static int Check(int result, string call) => result >= 0 ? result : throw new IOException($"{call}: {LastErrorText()}");

    private int Control(int operation, int descriptor, uint mask, ulong tag)
    {
        byte* entry = stackalloc byte[16];
        *(uint*)entry = mask;
        *(ulong*)(entry + DataOffset) = tag;
        return Libc.EpollControl(_epoll, operation, descriptor, entry);
    }

    private int TakeSlot()
    {
        if (_free >= 0)
        {
            int slot = _free;
            _free = _entries[slot].NextFree;
            return slot;
        }

        if (_used == _entries.Length)
        {
            Array.Resize(ref _entries, _used * 2);
        }

        return _used++;
    }

    private void FreeSlot(PollTarget target)
    {
        ref Entry entry = ref _entries[target.PollSlot];
        entry.Target = null;
        entry.Generation++;
        entry.NextFree = _free;
        _free = target.PollSlot;
        target.PollSlot = -1;
    }

    private struct Entry
    {
        internal PollTarget? Target;
        internal uint Generation;
        internal int NextFree;
    }
}
