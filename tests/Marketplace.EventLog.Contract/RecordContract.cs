using System.Security.Cryptography;

namespace Marketplace.EventLog.Contract;

/// <summary>A record comes back as it went in: bytes, absence, headers, time; and its size has a limit.</summary>
public abstract class RecordContract<THarness> : LogContract<THarness>
    where THarness : LogHarness, new()
{
    [Fact]
    public async Task Nothing_and_emptiness_are_different_things()
    {
        var topic = await TopicAsync();
        LogRecord[] records =
        [
            new() { Key = null, Value = Bytes("no key"), Partition = 0 },
            new() { Key = Bytes(""), Value = Bytes("empty key") },
            new() { Key = Bytes("empty value"), Value = Bytes("") },
            LogRecord.Tombstone(Bytes("tombstone")),
            new() { Key = null, Value = null, Partition = 0 },
        ];
        await Log.AppendAsync(topic, records, Token);
        (await ReadAllAsync(topic)).Select(copy => (copy.Key, copy.Value)).ShouldBe(
            [(null, "no key"), ("", "empty key"), ("empty value", ""), ("tombstone", null), (null, null)]);
    }

    [Fact]
    public async Task A_record_without_a_key_goes_to_some_partition()
    {
        var topic = await TopicAsync(partitions: 3);
        for (var i = 0; i < 9; i++)
        {
            var position = await Log.AppendAsync(topic, new LogRecord { Value = Bytes($"{i}") }, Token);
            (await ReadAllAsync(topic, position.Partition, position.Offset)).ShouldHaveSingleItem().Value.ShouldBe($"{i}");
        }
    }

    [Fact]
    public async Task Every_byte_comes_back()
    {
        var topic = await TopicAsync();
        var bytes = RandomNumberGenerator.GetBytes(100_000);
        await Log.AppendAsync(topic, new LogRecord { Key = bytes.AsMemory(0, 256), Value = bytes }, Token);

        await using var reader = await ReaderAsync(topic);
        using var batch = await reader.ReadAsync(Token);
        batch!.Records[0].Key!.Value.ToArray().ShouldBe(bytes[..256]);
        batch.Records[0].Value!.Value.ToArray().ShouldBe(bytes);
    }

    [Fact]
    public async Task Headers_keep_their_order_their_repetitions_and_their_nulls()
    {
        var topic = await TopicAsync();
        var headers = RecordHeaders.Of(("ban-list", "7"), ("причина", "отозван"), ("ban-list", "8"), ("nothing", null), ("empty", ""));
        await Log.AppendAsync(topic, Record("k", "v") with { Headers = headers }, Token);

        (await ReadAllAsync(topic)).ShouldHaveSingleItem().Headers.ShouldBe(Convert.ToHexString(headers.Encoded.Span));
        await using var reader = await ReaderAsync(topic);
        using var batch = await reader.ReadAsync(Token);
        var read = batch!.Records[0].Headers;
        read.FindText("ban-list").ShouldBe("8");
        read.FindText("причина").ShouldBe("отозван");
        read.FindText("nothing").ShouldBeNull();
        read.FindText("empty").ShouldBe("");
    }

    [Fact]
    public async Task A_timestamp_is_kept_and_one_that_is_missing_is_the_logs_own()
    {
        var topic = await TopicAsync();
        var before = Now;
        await Log.AppendAsync(topic, new[] { Record("old", "1", timestamp: 1_000_000_000_000), Record("new", "2") }, Token);
        var after = Now;

        var read = await ReadAllAsync(topic);
        read[0].Timestamp.ShouldBe(1_000_000_000_000);
        read[1].Timestamp.ShouldBeInRange(before, after);
    }

    [Fact]
    public async Task A_record_of_the_largest_size_is_taken_and_one_of_a_byte_more_is_not()
    {
        var topic = await TopicAsync(with: spec => spec with { MaxMessageBytes = 1000 });
        var header = RecordHeaders.Of(("h", "1"));
        var room = 1000 - header.Encoded.Length - "key".Length;
        await Log.AppendAsync(topic, Record("key", new string('x', room - Harness.RecordOverhead)) with { Headers = header }, Token);

        var thrown = await Should.ThrowAsync<RecordTooLargeException>(
            async () => await Log.AppendAsync(topic, new[] { Record("a", "1"), Record("key", new string('x', room + 1)) with { Headers = header } }, Token));
        thrown.Message.ShouldContain(topic);
        thrown.Message.ShouldContain("1001");

        (await ReadAllAsync(topic)).ShouldHaveSingleItem().Key.ShouldBe("key");
    }

    [Fact]
    public async Task Large_records_among_small_ones_come_whole_and_in_order()
    {
        var topic = await TopicAsync();
        var sizes = new[] { 10, 1_048_576, 100, 2_000_000, 5, 5, 300_000, 0 };
        var records = sizes.Select((size, i) => Record($"k{i}", new string((char)('a' + i), size))).ToArray();
        await Log.AppendAsync(topic, records, Token);
        var read = await ReadAllAsync(topic, options: new ReaderOptions { MaxBatchBytes = 65_536 });
        read.Select(copy => copy.Value!.Length).ShouldBe(sizes);
        read.ShouldAllBe(copy => copy.Value!.All(c => c == (char)('a' + copy.Key![1] - '0')));
    }

    [Fact]
    public async Task The_callers_memory_is_the_callers_again_after_the_append()
    {
        var topic = await TopicAsync();
        var value = "первый"u8.ToArray();
        await Log.AppendAsync(topic, new LogRecord { Key = Bytes("k"), Value = value }, Token);
        value.AsSpan().Clear();
        (await ReadAllAsync(topic)).ShouldHaveSingleItem().Value.ShouldBe("первый");
    }

    [Fact]
    public async Task A_batch_keeps_its_records_until_it_is_disposed()
    {
        var topic = await TopicAsync();
        await Log.AppendAsync(topic, Records(100, "first"), Token);
        await Log.AppendAsync(topic, Records(100, "second"), Token);
        await using var reader = await ReaderAsync(topic, options: new ReaderOptions { MaxBatchBytes = 100 });

        using var first = await reader.ReadAsync(Token);
        var expected = Copy.Of(first!).ToList();
        var end = (await Log.GetRangeAsync(new TopicPartition(topic, 0), Token)).End;
        while (reader.PositionOf(new TopicPartition(topic, 0)) < end)
        {
            using var other = await reader.ReadAsync(Token);
        }

        Copy.Of(first!).ShouldBe(expected);
    }
}
