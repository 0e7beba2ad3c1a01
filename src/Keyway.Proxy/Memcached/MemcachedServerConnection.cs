using System.Text;
using Keyway.Protocol.Memcached;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Memcached;

/// <summary>The server's side of a memcached pool: finds the end of each reply, and keeps back what a quiet request does not let its client see.</summary>
/// <param name="server">The server.</param>
/// <param name="itemLimits">Told what the server says of the items that it takes; null: it is not asked.</param>
internal sealed partial class MemcachedServerConnection(ServerState server, ItemLimits? itemLimits) : ServerConnection(server)
{
    private const int NoOpReply = 4; // MN and CRLF

    private MemcachedReplyScanner _scanner;
    private bool _isAuthenticating;
    private bool _isAskingLimit; // behind the authentication, and before any request
    private bool _isBegun; // a piece of the reply has come
    private bool _isHidden;

    /// <inheritdoc/>
    protected override bool IsMidReply => _scanner.IsMidReply;

    /// <inheritdoc/>
    protected override void OnConnected()
    {
        PoolConfig config = Server.Pool.Config;
        if (config.ServerPassword is null)
        {
            OnAuthenticated();
            return;
        }

        _isAuthenticating = true;
        byte[] credentials = Encoding.UTF8.GetBytes($"{config.ServerUser} {config.ServerPassword}");
        Out.Write("set auth 0 0 "u8);
        Out.WriteNumber(credentials.Length);
        Out.WriteLine(default);
        Out.WriteLine(credentials);
        QueueFlush();
    }

    /// <inheritdoc/>
    protected override int OnBytes(ReadOnlySpan<byte> bytes)
    {
        MarkAlive();
        int at = 0;
        while (at < bytes.Length)
        {
            if (!_scanner.IsMidReply)
            {
                int stray = _scanner.StrayLine(bytes[at..]);
                if (stray != 0)
                {
                    if (stray < 0)
                    {
                        break;
                    }

                    at += stray;
                    continue;
                }

                if (!IsAsked && !IsOpening)
                {
                    Close("a reply came that nobody asked for");
                    break;
                }
            }

            MemcachedAnswer answer = _isAuthenticating ? MemcachedAnswer.Line : _isAskingLimit ? MemcachedAnswer.Stats : (MemcachedAnswer)Head!.Expected;
            ScanStatus status = _scanner.Scan(bytes[at..], MemcachedAnswers.KindOf(answer), out int consumed);
            if (status == ScanStatus.Error)
            {
                Close("malformed reply, or one of another kind than the request's");
                break;
            }

            if (!IsOpening && bytes.Slice(at, consumed).SequenceEqual("CLIENT_ERROR unauthenticated\r\n"u8))
            {
                // It answers all that it has read with this one line: whose the next would be is not known.
                Close("it wants a password: CLIENT_ERROR unauthenticated");
                break;
            }

            if (consumed > 0)
            {
                OnPiece(bytes.Slice(at, consumed), answer, status == ScanStatus.Complete);
            }

            at += consumed;
            if (IsClosed || status == ScanStatus.NeedMore)
            {
                break;
            }
        }

        AfterReplies();
        return IsClosed ? bytes.Length : at;
    }

    private void OnPiece(ReadOnlySpan<byte> piece, MemcachedAnswer answer, bool isLast)
    {
        if (_isAuthenticating)
        {
            OnAuthenticated(piece);
            return;
        }

        if (_isAskingLimit)
        {
            OnSettings(piece, isLast);
            return;
        }

        if (answer is MemcachedAnswer.Joined or MemcachedAnswer.JoinedLast)
        {
            OnJoined(piece);
            return;
        }

        if (answer == MemcachedAnswer.Single && !IsOfItsKey(piece, isLast))
        {
            Close("a value came that nobody asked for");
            return;
        }

        if (!_isBegun)
        {
            _isHidden = MemcachedAnswers.IsHidden(answer, piece);
        }

        _isBegun = !isLast;
        if (answer == MemcachedAnswer.UntilNoOp && isLast)
        {
            // A line is only taken whole: MN is all in this piece.
            piece = piece[..^NoOpReply];
        }

        if (!_isHidden)
        {
            DeliverPiece(piece, isLast);
        }
        else if (isLast)
        {
            DeliverPiece(default, isLast: true);
        }
    }

    private bool IsOpening => _isAuthenticating || _isAskingLimit;

    private void OnAuthenticated()
    {
        if (itemLimits is null)
        {
            BecomeReady();
            return;
        }

        _isAskingLimit = true;
        Out.WriteLine("stats settings"u8);
        QueueFlush();
    }

    /// <summary>A server that does not tell is not known to take more than any server does.</summary>
    private void OnSettings(ReadOnlySpan<byte> lines, bool isLast)
    {
        if (MemcachedReplies.TryReadItemLimit(lines, out long bytes))
        {
            itemLimits!.Learn(Server.Index, bytes);
        }

        if (isLast)
        {
            _isAskingLimit = false;
            BecomeReady();
        }
    }

    private void OnAuthenticated(ReadOnlySpan<byte> reply)
    {
        _isAuthenticating = false;
        if (reply.SequenceEqual("STORED\r\n"u8))
        {
            OnAuthenticated();
        }
        else
        {
            Close(Encoding.UTF8.GetString(reply).TrimEnd());
        }
    }
}
