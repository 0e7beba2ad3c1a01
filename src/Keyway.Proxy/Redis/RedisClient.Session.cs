using System.Text;
using Keyway.Protocol.Commands;
using Keyway.Protocol.Resp;
using Keyway.Proxy.Configuration;
using Keyway.Proxy.Pipelining;
using Keyway.Proxy.Pools;

namespace Keyway.Proxy.Redis;

/// <content>What a server keeps for a connection, Keyway keeps for a client: it never reaches a shared server connection.</content>
internal sealed partial class RedisClient
{
    private int _lane;
    private int _laneUnderWay; // of the requests that await their reply
    private int? _mapUnderWay; // of the cluster, by which they were sent
    private Failure? _askFailure; // of the question about the command that is offered next

    /// <summary>The database that SELECT chose.</summary>
    internal int Database { get; private set; }

    internal RedisProtocol Protocol => _protocol;

    /// <summary>As a new connection: RESET.</summary>
    internal override void ResetSession()
    {
        base.ResetSession();
        _lane = 0;
        _replicaLane = ReplicaLane();
        Database = Pool.Config.Database;
        EndTransaction();
        LeaveSubscriptions();
        EndDedication();
    }

    /// <summary>Another lane, or another map of a cluster, has other server connections: what waits in the old one must not be overtaken. False: not yet.</summary>
    private bool ChangeLane()
    {
        if (!IsIdle)
        {
            Pause(PauseReasons.Order);
            return false;
        }

        // Another RESP version in the same database means another connection to the same keys. Other databases have other keys.
        if (_writeMarks is not null && _laneUnderWay >= 0 && Pool.Lanes[_lane].Database == Pool.Lanes[_laneUnderWay].Database
            && _lane != _laneUnderWay && MustWaitForWrites(replied: true))
        {
            return false;
        }

        _laneUnderWay = _lane;
        FollowLane();
        _mapUnderWay = Pool.Cluster?.Slots.Version;
        return true;
    }

    /// <summary>HELLO's choice. True if the lane could be had.</summary>
    internal override bool UseResp(int version) => UseLane(Database, version);

    /// <summary>SELECT's choice. True if the lane could be had.</summary>
    internal bool UseDatabase(int database) => UseLane(database, RespVersion);

    private bool UseLane(int database, int respVersion)
    {
        int lane = Pool.LaneOf(new Lane(database, respVersion));
        if (lane < 0)
        {
            return false;
        }

        Database = database;
        RespVersion = respVersion;
        _lane = lane;
        _replicaLane = ReplicaLane();
        return true;
    }

    private int ReplicaLane() =>
        Pool.Config.ReadFrom == ReadFrom.Primary ? -1 : Pool.LaneOf(Pool.Lanes[_lane] with { ReadsReplica = true });

    /// <summary>
    /// Asks a server something before this client's next command: reserves the place of the reply, reads nothing until <paramref name="answer"/> has filled it.
    /// </summary>
    /// <param name="ask">Sends the question; is given what to call with the result.</param>
    /// <param name="answer">Writes the reply from the result; not called when the client has gone.</param>
    internal void AnswerLater<T>(Action<Action<T>> ask, Action<RedisClient, T, Keyway.Net.Buffers.OutputBuffer> answer)
    {
        Request place = Pool.Requests.Rent();
        Enqueue(place);
        Pause(PauseReasons.Barrier);
        ask(result =>
        {
            if (!IsClosed)
            {
                answer(this, result, place.Reply(Reactor.Buffers));
                Finish(place);
                Unpause(PauseReasons.Barrier);
            }
        });
    }

    /// <summary>A command that the table lacks: a server is asked once, and the request is offered again when it has answered.</summary>
    /// <returns>True when the request was answered with an error instead.</returns>
    private bool AskForCommand(byte[] name)
    {
        if (!IsAuthenticated)
        {
            ReplyError("NOAUTH Authentication required.");
            return true;
        }

        ServerConnection? connection = Pool.AnyServer()?.Connection(0, Number);
        if (_askFailure is not null || connection is null)
        {
            _transaction?.Abort();
            ReplyFailure(_askFailure ?? Failure.NoServer(Pool.Config.Name));
            _askFailure = null;
            return true;
        }

        string key = Encoding.Latin1.GetString(name);
        Pause(PauseReasons.Barrier);
        Question.Ask(
            connection,
            output =>
            {
                output.WriteArrayHeader(3);
                output.WriteBulk("COMMAND"u8);
                output.WriteBulk("INFO"u8);
                output.WriteBulk(name);
            },
            (reply, failure) =>
            {
                _askFailure = failure;
                if (reply is [(byte)'-', ..])
                {
                    // It is loading, say: that tells nothing about the command, and is not to be kept.
                    _askFailure = Failure.NotExplained(connection.Server.Label, Encoding.UTF8.GetString(reply).Trim('-', '\r', '\n'));
                }
                else if (reply is not null)
                {
                    _protocol.Commands.Learn(key, CommandInfo.FromServer(reply));
                }

                Unpause(PauseReasons.Barrier);
            });
        return false;
    }
}
