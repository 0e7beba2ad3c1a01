using Keyway.Net.Buffers;
using Keyway.Proxy.Pipelining;

namespace Keyway.Proxy.Relay;

/// <summary>The answers to the records of one wake-up, until their batch is kept. Reused.</summary>
internal sealed class AwaitedBatch(BufferPool buffers)
{
    private readonly List<(Request Place, int Length)> _places = [];
    private readonly OutputBuffer _answers = new(buffers);

    /// <summary>Where the next answer is written, to be ended with <see cref="Add"/>.</summary>
    internal OutputBuffer Answers => _answers;

    /// <summary>The answer of so many bytes that was written last belongs to this place, which is held until the batch is settled.</summary>
    internal void Add(Request place, long length)
    {
        place.Holders++;
        _places.Add((place, (int)length));
    }

    /// <summary>Answers everybody, with their answers or with the failure.</summary>
    internal void Settle(RequestPool requests, Failure? failure)
    {
        foreach ((Request place, int length) in _places)
        {
            if (failure is not null)
            {
                place.Client?.Fail(place, failure);
                _answers.Consume(length);
            }
            else
            {
                Deliver(place, length);
            }

            requests.Release(place);
        }

        _places.Clear();
        _answers.Clear();
    }

    private void Deliver(Request place, int length)
    {
        for (int left = length; left > 0;)
        {
            ReadOnlySpan<byte> piece = _answers.FirstSpan;
            piece = piece[..Math.Min(piece.Length, left)];
            left -= piece.Length;
            place.Client?.Deliver(place, piece, isLast: left == 0);
            _answers.Consume(piece.Length);
        }
    }
}
