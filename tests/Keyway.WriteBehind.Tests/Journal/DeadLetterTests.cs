using Keyway.WriteBehind.Journal;

namespace Keyway.WriteBehind.Tests.Journal;

public sealed class DeadLetterTests
{
    [Fact]
    public void Letter_ReadBack_HasReasonHeaderAndPayload()
    {
        var journal = new TestJournal();
        DeadLetter.Append(journal.Producer, 4, "WRONGTYPE"u8, "server 1"u8, "LPUSH a b"u8);
        DeadLetter.Append(journal.Producer, 5, new byte[5000], default, default);
        journal.Producer.Commit();
        journal.Journal.Turn();

        using JournalReader reader = journal.Reopen().Journal.CreateReader();
        reader.Read(out JournalRecord record);
        Assert.True(DeadLetter.TryRead(record, out DeadLetter letter));
        Assert.Equal(4, record.Kind);
        Assert.Equal("WRONGTYPE"u8, letter.Reason);
        Assert.Equal("server 1"u8, letter.Header);
        Assert.Equal("LPUSH a b"u8, letter.Payload);
        reader.Read(out record);
        Assert.True(DeadLetter.TryRead(record, out letter));
        Assert.Equal(1024, letter.Reason.Length);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 2, 0, 65 })]
    public void Record_ThatIsNone_IsRefused(byte[] header)
    {
        var journal = new TestJournal();
        journal.Producer.Append(1, header, "p"u8, out _);
        journal.Producer.Commit();
        journal.Journal.Turn();
        using JournalReader reader = journal.Journal.CreateReader();
        reader.Read(out JournalRecord record);

        Assert.False(DeadLetter.TryRead(record, out _));
    }
}
