using Legato.Runtime.Recording.Mcap;

namespace Legato.Tests.Recording;

public sealed class McapDamageTests
{
    private readonly Sample _sample = new();

    [Fact]
    public void ARecordingCutAnywhereGivesEveryMessageThatIsWholeAndSaysWhatIsLost()
    {
        // Payloads are random, so where each message ends can be found without knowing the format.
        Dictionary<uint, int> ends = _sample.Written.ToDictionary(message => message.Sequence,
            message => _sample.Bytes.AsSpan().IndexOf(message.Data.Span) + message.Data.Length);
        for (int length = 0; length < _sample.Bytes.Length; length++)
        {
            using McapReader reader = _sample.Open(length);
            string[] whole = [.. _sample.Written.Where(message => ends[message.Sequence] <= length).OrderBy(message => message.LogTime).Select(message => Sample.Key(message).ToString())];
            Assert.Equal(whole, reader.Read().Select(message => Sample.Key(message).ToString()));
            Assert.Equal(whole.Length, reader.MessageCount);

            McapLoss loss = Assert.IsType<McapLoss>(reader.Loss);
            Assert.Equal(length, loss.Offset + loss.Bytes);
            Assert.True(loss.Offset >= ends.Values.Where(end => end <= length).DefaultIfEmpty(0).Max());
            Assert.InRange(loss.UncheckedMessages, 0, 4);
            if (loss.OnlyIndex) Assert.Equal(_sample.Written.Count, whole.Length);
        }
    }

    [Fact]
    public void ACutChunkSaysUpToWhenItHeldMessages()
    {
        int cut = _sample.Bytes.AsSpan().IndexOf(_sample.Written[^1].Data.Span);
        using McapReader reader = _sample.Open(cut);
        Assert.Equal(3, reader.Loss!.UncheckedMessages);
        Assert.Equal(_sample.Written[8..].Max(message => message.LogTime), reader.Loss.CutChunkEnd);
        Assert.Contains($"cut at byte {reader.Loss.Offset}", reader.Loss.ToString(), StringComparison.Ordinal);
        Assert.Contains("the last 3 messages are unchecked", reader.Loss.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ATailOfZerosAsAPowerCutLeavesItIsACut()
    {
        int cut = _sample.Bytes.AsSpan().IndexOf(_sample.Written[^2].Data.Span);
        byte[] bytes = [.. _sample.Bytes[..cut], .. new byte[5000]];
        // The chunk's announced length is now in the file, but its checksum does not hold.
        using McapReader salvaged = McapReader.Salvage(new MemoryStream(bytes), "test.mcap");
        Assert.Equal(8, salvaged.Read().Count());
        Assert.Single(salvaged.Loss!.DamagedChunks);

        byte[] between = [.. _sample.Bytes[..salvaged.Loss.DamagedChunks.Select(offset => (int)offset).Single()], .. new byte[5000]];
        using McapReader opened = McapReader.Open(new MemoryStream(between), "test.mcap");
        Assert.Equal(8, opened.Read().Count());
        Assert.Equal(5000, opened.Loss!.Bytes);
    }

    [Fact]
    public void ARewrittenCutIsACompleteRecordingOfWhatWasLeft()
    {
        for (int length = 8; length < _sample.Bytes.Length; length += 23)
        {
            using McapReader cut = _sample.Open(length);
            MemoryStream target = new();
            McapRecovery.Rewrite(cut, target);
            using McapReader whole = McapReader.Open(target, "rewritten.mcap");
            whole.Verify();
            Assert.Null(whole.Loss);
            Assert.Equal(cut.Read().Select(Sample.Key), whole.Read().Select(Sample.Key));
            Assert.Equal(cut.ReadAttachments().Count(), whole.ReadAttachments().Count());
            Assert.Equal([.. cut.Metadata.Select(facts => facts.Name), McapRecovery.MetadataName], whole.Metadata.Select(facts => facts.Name));
            Assert.Equal(cut.Loss!.ToString(), whole.Metadata[^1].Values["loss"]);
        }
    }

    [Fact]
    public void EveryFlippedBitIsNoticed()
    {
        for (int bit = 0; bit < 8 * _sample.Bytes.Length; bit++)
        {
            byte[] flipped = [.. _sample.Bytes];
            flipped[bit / 8] ^= (byte)(1 << bit % 8);
            InputException? error = null;
            bool cut = false;
            try { cut = ReadEverything(flipped); }
            catch (InputException noticed) { error = noticed; }
            Assert.True(cut || error is not null, $"bit {bit % 8} of byte {bit / 8}");
            if (error is CorruptRecordingException corrupt) Assert.InRange(corrupt.Offset, 0, flipped.Length);
        }

        static bool ReadEverything(byte[] file)
        {
            using McapReader reader = McapReader.Open(new MemoryStream(file), "test.mcap");
            reader.Verify();
            Assert.All(reader.Read(), message => Assert.False(message.Data.IsEmpty));
            Assert.Single(reader.ReadAttachments());
            return reader.Loss is not null;
        }
    }

    [Fact]
    public void ADamagedChunkIsNamedAndTheOthersCanBeSalvaged()
    {
        byte[] flipped = [.. _sample.Bytes];
        int payload = flipped.AsSpan().IndexOf(_sample.Written[5].Data.Span);
        flipped[payload + 3] ^= 0x10;
        using McapReader reader = McapReader.Open(new MemoryStream(flipped), "test.mcap");
        CorruptRecordingException error = Assert.Throws<CorruptRecordingException>(() => reader.Read().Count());
        Assert.InRange(error.Offset, 1, payload);
        Assert.StartsWith($"test.mcap, byte {error.Offset}: ", error.Message, StringComparison.Ordinal);

        using McapReader salvaged = McapReader.Salvage(new MemoryStream(flipped), "test.mcap");
        Assert.Equal(new uint[] { 0, 1, 2, 3, 8, 9, 10, 11 }, salvaged.Read().Select(message => message.Sequence).Order());
        Assert.Equal([error.Offset], salvaged.Loss!.DamagedChunks);
    }

    [Fact]
    public void WhatIsNoRecordingIsRefused()
    {
        Assert.Throws<InputException>(() => McapReader.Open(new MemoryStream("MThd, a song"u8.ToArray()), "song.mid"));
        Assert.Throws<InputException>(() => McapReader.Open("/there/is/no/run.mcap"));
    }

    [Fact]
    public void CompressedRecordingsAreRefusedWithAWayOut()
    {
        // One chunk that says its records are in lz4.
        byte[] chunk = [.. new byte[28], 3, 0, 0, 0, .. "lz4"u8, .. new byte[8]];
        byte[] file = [.. _sample.Bytes[..8], 0x06, (byte)chunk.Length, 0, 0, 0, 0, 0, 0, 0, .. chunk];
        InputException error = Assert.Throws<InputException>(() => McapReader.Open(new MemoryStream(file), "test.mcap"));
        Assert.Contains("lz4", error.Message, StringComparison.Ordinal);
    }
}
