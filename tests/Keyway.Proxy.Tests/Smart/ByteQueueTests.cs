using Keyway.Proxy.Smart;

namespace Keyway.Proxy.Tests.Smart;

public sealed class ByteQueueTests
{
    [Fact]
    public void Pieces_StandWhereTheyWerePut_HoweverManyComeAndGo()
    {
        ByteQueue queue = new();
        Random random = new(5);
        Queue<(long Start, byte[] Piece)> model = new();
        for (int step = 0; step < 20_000; step++)
        {
            if (model.Count == 0 || random.Next(100) < (step / 2000 % 2 == 0 ? 60 : 40))
            {
                byte[] piece = new byte[random.Next(1, 300)];
                random.NextBytes(piece);
                model.Enqueue((queue.Add(piece), piece));
            }
            else
            {
                (long start, byte[] piece) = model.Dequeue();
                Assert.True(queue.Get(start, piece.Length).SequenceEqual(piece));
                queue.TakeUpTo(start + piece.Length);
            }

            Assert.Equal(model.Sum(static item => item.Piece.Length), queue.Length);
        }
    }
}
