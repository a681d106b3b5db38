using Marketplace.EventLog;
using Marketplace.Gateway.Client.Events.Ids;
using Marketplace.Gateway.Tests.Fixture;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Gateway.Tests.Client;

public sealed class EventIdsTests : IDisposable
{
    private const int MaxRecent = 64;
    private static readonly Guid Topic = Guid.Parse("4e6a2b0e-46f5-4b5e-9d4b-7b8f0c1d2e3f");
    private readonly string _folder = Directory.CreateTempSubdirectory("marketplace-ids-").FullName;

    /// <summary>A log that a feed reads, forgets what it had in memory, and reads on; a dictionary says what is right.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_id_has_its_first_place_whatever_was_forgotten(int seed)
    {
        var random = new Random(seed);
        var log = new List<byte[]>();
        var first = new Dictionary<string, RecordPosition>();
        var ids = Open(0);
        var read = 0L;
        for (var round = 0; round < 60; round++)
        {
            log.AddRange(Enumerable.Range(0, random.Next(150)).Select(_ => BitConverter.GetBytes(random.Next(4000))));
            for (; read < log.Count; read++)
            {
                var here = new RecordPosition(0, read);
                var key = Convert.ToHexString(log[(int)read]);
                var expected = first.TryGetValue(key, out var known) ? known : here;
                ids.AddOrFind(ids.HashOf(log[(int)read]), here).ShouldBe(expected, $"record {read} of seed {seed}");
                first.TryAdd(key, here);
            }

            ids.Reached([read]);
            if (random.Next(4) == 0)
            {
                // As after a crash: what is on the disk is known, the rest is read again.
                await ids.CloseAsync([read]);
                ids = Open(log.Count);
                read = ids.Positions[0];
                read.ShouldBeLessThanOrEqualTo(log.Count);
            }
        }

        await ids.CloseAsync([read]);
        ids = Open(log.Count);
        for (read = ids.Positions[0]; read < log.Count; read++)
        {
            ids.AddOrFind(ids.HashOf(log[(int)read]), new RecordPosition(0, read));
        }

        ids.Count.ShouldBe(first.Count);
        Directory.GetFiles(_folder, "*.run").Length.ShouldBeLessThan(20);
        ids.Find(ids.HashOf("never"u8)).ShouldBeNull();
    }

    [Fact]
    public async Task Damaged_or_foreign_files_are_read_from_the_log_again()
    {
        var ids = Open(0);
        for (var i = 0; i < 200; i++)
        {
            ids.AddOrFind(ids.HashOf(BitConverter.GetBytes(i)), new RecordPosition(0, i));
        }

        ids.Reached([200]);
        await ids.CloseAsync([200]);
        Open(200).Positions.ShouldBe([200]);
        EventIds.Open(_folder, Guid.Empty, [200], MaxRecent).Positions.ShouldBe([0]);

        ids = Open(0);
        ids.AddOrFind(1, new RecordPosition(0, 0));
        for (var i = 0; i < 200; i++)
        {
            ids.AddOrFind(ids.HashOf(BitConverter.GetBytes(i)), new RecordPosition(0, i));
        }

        ids.Reached([200]);
        Open(150).Positions.ShouldBe([0], "an older copy of the log");
        ids = Open(0);
        for (var i = 0; i < 200; i++)
        {
            ids.AddOrFind(ids.HashOf(BitConverter.GetBytes(i)), new RecordPosition(0, i));
        }

        ids.Reached([200]);
        var run = Directory.GetFiles(_folder, "*.run").Single();
        var bytes = File.ReadAllBytes(run);
        bytes[100] ^= 1;
        File.WriteAllBytes(run, bytes);
        Open(200).Positions.ShouldBe([0]);
    }

    /// <summary>A file stands in the folder's place: nothing can be written until it is gone.</summary>
    [Fact]
    public void What_the_disk_does_not_take_stays_in_memory_and_is_written_later()
    {
        var time = new FakeTimeProvider();
        var log = new GatewayLog();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(log));
        var ids = EventIds.Open(_folder, Topic, [0], MaxRecent, time, factory.CreateLogger<EventIds>());
        Directory.Delete(_folder);
        File.WriteAllText(_folder, "");
        var read = 0;
        for (var round = 0; round < 3; round++)
        {
            Read(MaxRecent);
            time.Advance(TimeSpan.FromMinutes(2));
        }

        Warnings(log).ShouldBe(1);
        File.Delete(_folder);
        Directory.CreateDirectory(_folder);
        Read(1);
        Directory.GetFiles(_folder, "*.run").Length.ShouldBe(1);
        Open(read).Positions.ShouldBe([read]);

        // The next trouble is another, and between two attempts there is a pause.
        Directory.Delete(_folder, recursive: true);
        File.WriteAllText(_folder, "");
        Read(MaxRecent);
        Warnings(log).ShouldBe(2);
        File.Delete(_folder);
        Directory.CreateDirectory(_folder);
        Read(1);
        Directory.GetFiles(_folder).ShouldBeEmpty();
        time.Advance(TimeSpan.FromMinutes(2));
        Read(1);
        Directory.GetFiles(_folder, "*.run").Length.ShouldBe(1);
        for (var i = 0; i < read; i++)
        {
            ids.Find(ids.HashOf(BitConverter.GetBytes(i))).ShouldBe(new RecordPosition(0, i));
        }

        void Read(int count)
        {
            for (var end = read + count; read < end; read++)
            {
                ids.AddOrFind(ids.HashOf(BitConverter.GetBytes(read)), new RecordPosition(0, read));
            }

            ids.Reached([read]);
        }
    }

    [Fact]
    public async Task A_close_that_cannot_write_fails_for_nobody()
    {
        var ids = EventIds.Open(_folder, Topic, [0], maxRecent: int.MaxValue);
        for (var i = 0; i < 30_000; i++)
        {
            ids.AddOrFind(ids.HashOf(BitConverter.GetBytes(i)), new RecordPosition(0, i));
        }

        Directory.Delete(_folder);
        File.WriteAllText(_folder, "");
        await ids.CloseAsync([30_000]);
        File.Delete(_folder);
        Directory.CreateDirectory(_folder);
        ids.Count.ShouldBe(30_000);
    }

    /// <summary>A folder stands in the merged file's place.</summary>
    [Fact]
    public async Task A_merge_that_fails_is_told_loses_nothing_and_is_tried_again()
    {
        var log = new GatewayLog();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(log));
        var ids = EventIds.Open(_folder, Topic, [0], MaxRecent, logger: factory.CreateLogger<EventIds>());
        Directory.CreateDirectory(Path.Combine(_folder, "00000009.run"));
        var read = 0;
        await RunsAsync(8);
        (Warnings(log), Directory.GetFiles(_folder, "*.run").Length).ShouldBe((1, 8));
        await RunsAsync(1);
        (Warnings(log), Directory.GetFiles(_folder, "*.run").Length).ShouldBe((1, 1));
        ids = Open(read);
        for (var i = 0; i < read; i++)
        {
            ids.Find(ids.HashOf(BitConverter.GetBytes(i))).ShouldBe(new RecordPosition(0, i));
        }

        async Task RunsAsync(int count)
        {
            for (var end = read + (count * MaxRecent); read < end;)
            {
                ids.AddOrFind(ids.HashOf(BitConverter.GetBytes(read)), new RecordPosition(0, read));
                ids.Reached([++read]);
            }

            await ids.CloseAsync([read]);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int Warnings(GatewayLog log) => log.Lines.Count(line => line.Level == LogLevel.Warning);

    private EventIds Open(long end) => EventIds.Open(_folder, Topic, [end], MaxRecent);
}
