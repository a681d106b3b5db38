namespace Marketplace.EventLog.Contract;

/// <summary>A group shares partitions: each has one owner at a time, told in order, and goes on where the last one committed.</summary>
public abstract class GroupContract<THarness> : LogContract<THarness>
    where THarness : LogHarness, new()
{
    private readonly List<string> _lines = [];

    [Fact]
    public async Task A_member_alone_is_told_of_all_partitions_before_it_reads_them()
    {
        var topic = await TopicAsync(partitions: 3);
        await Log.AppendAsync(topic, Records(30), Token);
        await using var member = await JoinAsync("a", topic);
        await member.ReadUntilAsync(read => read.Count == 30);

        member.Journal.Count("assigned").ShouldBe(3);
        member.Reader.Assignment.Select(partition => partition.Partition).Order().ShouldBe([0, 1, 2]);
        member.Reader.Group.ShouldBe($"g-{topic}");
        member.ReadBeforeAssigned.ShouldBeFalse();
    }

    [Fact]
    public async Task A_group_goes_on_where_it_has_committed_and_else_at_the_beginning()
    {
        var topic = await TopicAsync(partitions: 2);
        var first = await Log.AppendAsync(topic, Records(10, partition: 0), Token);
        await Log.AppendAsync(topic, Records(10, partition: 1), Token);
        await CommitAsync(topic, null, (new TopicPartition(topic, 0), new GroupPosition(first[6].Offset)));

        await using var member = await JoinAsync("a", topic);
        await member.ReadUntilAsync(read => read.Count == 14);

        member.Read.Where(copy => copy.Partition == 0).Select(copy => copy.Value).ShouldBe(["v6", "v7", "v8", "v9"]);
        member.Read.Count(copy => copy.Partition == 1).ShouldBe(10);
    }

    [Fact]
    public async Task A_position_carries_a_word_of_its_own_of_at_most_4_KiB()
    {
        var topic = await TopicAsync();
        var partition = new TopicPartition(topic, 0);
        var word = new string('я', 2048);
        await CommitAsync(topic, null, (partition, new GroupPosition(5, word)));
        (await Log.GetPositionsAsync($"g-{topic}", Token))[partition].ShouldBe(new GroupPosition(5, word));

        await Should.ThrowAsync<ArgumentException>(() => CommitAsync(topic, null, (partition, new GroupPosition(6, word + "!"))));
        await CommitAsync(topic, null, (partition, new GroupPosition(7)));
        (await Log.GetPositionsAsync($"g-{topic}", Token))[partition].ShouldBe(new GroupPosition(7));
        (await Log.GetPositionsAsync($"nobody-{topic}", Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Groups_do_not_share_positions()
    {
        var topic = await TopicAsync();
        await Log.AppendAsync(topic, Records(5), Token);
        await using var one = await JoinAsync("one", topic, group: $"one-{topic}");
        await using var two = await JoinAsync("two", topic, group: $"two-{topic}");
        await one.ReadUntilAsync(read => read.Count == 5);
        await two.ReadUntilAsync(read => read.Count == 5);
        one.Journal.Count("revoked").ShouldBe(0);
    }

    [Fact]
    public async Task A_second_member_takes_over_half_after_the_first_has_let_go()
    {
        var topic = await TopicAsync(partitions: 4);
        await using var first = await JoinAsync("a", topic);
        first.Start();
        await EventuallyAsync(() => first.Journal.Count("assigned") == 4);
        await using var second = await JoinAsync("b", topic);
        second.Start();
        await EventuallyAsync(() => second.Reader.Assignment.Count == 2 && first.Reader.Assignment.Count == 2);

        first.Reader.Assignment.Intersect(second.Reader.Assignment).ShouldBeEmpty();
        OwnersAlternate();
    }

    [Fact]
    public async Task A_member_that_leaves_hands_over_what_it_had()
    {
        var topic = await TopicAsync(partitions: 3);
        var first = await JoinAsync("a", topic);
        first.Start();
        await using var second = await JoinAsync("b", topic);
        second.Start();
        await EventuallyAsync(() => first.Reader.Assignment.Count > 0 && second.Reader.Assignment.Count > 0 && first.Reader.Assignment.Count + second.Reader.Assignment.Count == 3);

        await first.DisposeAsync();
        await EventuallyAsync(() => second.Reader.Assignment.Count == 3);

        OwnersAlternate();
        first.Journal.Count("assigned").ShouldBe(first.Journal.Count("revoked"));
    }

    [Fact]
    public async Task Members_that_commit_when_they_are_asked_to_let_go_read_everything_once()
    {
        var topic = await TopicAsync(partitions: 4);
        var members = new List<Member>();
        var appended = 0;
        for (var round = 0; round < 4; round++)
        {
            await Log.AppendAsync(topic, Records(100, $"r{round}-"), Token);
            appended += 100;
            var member = await JoinAsync($"m{round}", topic);
            member.CommitWhenRevoked();
            member.Start();
            members.Add(member);
            await EventuallyAsync(() => members.Sum(m => m.Read.Count) >= appended);
        }

        foreach (var member in members)
        {
            await member.DisposeAsync();
        }

        var read = members.SelectMany(member => member.Read).ToList();
        read.Count.ShouldBe(appended);
        read.Select(copy => (copy.Partition, copy.Offset)).Distinct().Count().ShouldBe(appended);
        OwnersAlternate();
    }

    [Fact]
    public async Task A_member_cannot_commit_for_a_partition_that_is_anothers()
    {
        var topic = await TopicAsync(partitions: 2);
        await Log.AppendAsync(topic, Records(20).Select((record, i) => record with { Partition = i % 2 }).ToArray(), Token);
        await using var first = await JoinAsync("a", topic);
        first.Start();
        await EventuallyAsync(() => first.Reader.Assignment.Count == 2);
        await CommitAsync(topic, first.Reader, (new TopicPartition(topic, 0), new GroupPosition(1)), (new TopicPartition(topic, 1), new GroupPosition(1)));
        await using var second = await JoinAsync("b", topic);
        second.Start();
        await EventuallyAsync(() => first.Reader.Assignment.Count == 1 && second.Reader.Assignment.Count == 1);

        var (kept, gone) = (first.Reader.Assignment.Single(), second.Reader.Assignment.Single());
        await Should.ThrowAsync<WriterFencedException>(() => CommitAsync(topic, first.Reader, (kept, new GroupPosition(2)), (gone, new GroupPosition(2))));
        await CommitAsync(topic, first.Reader, (kept, new GroupPosition(3)));
        await CommitAsync(topic, second.Reader, (gone, new GroupPosition(4)));
        (await Log.GetPositionsAsync($"g-{topic}", Token)).ShouldBe(
            new Dictionary<TopicPartition, GroupPosition> { [kept] = new(3), [gone] = new(4) }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_member_that_does_not_let_go_in_time_loses_its_partitions()
    {
        var topic = await TopicAsync(partitions: 2);
        await Log.AppendAsync(topic, new[] { Record("a", "1", 0), Record("b", "2", 1) }, Token);
        await using var silent = await JoinAsync("a", topic);
        await silent.ReadUntilAsync(read => read.Count == 2);
        await using var other = await JoinAsync("b", topic);
        other.Start();

        // It does not read any more, so it does not answer.
        Advance(Harness.SessionTimeout - TimeSpan.FromSeconds(1));
        other.Reader.Assignment.ShouldBeEmpty();
        Advance(TimeSpan.FromSeconds(2));
        await EventuallyAsync(() => other.Reader.Assignment.Count == 2);
        await Should.ThrowAsync<WriterFencedException>(() => CommitAsync(topic, silent.Reader, (new TopicPartition(topic, 0), new GroupPosition(1))));

        // When it reads again it is told, and takes its share as a new member.
        silent.Start();
        await EventuallyAsync(() => silent.Journal.Count("lost") == 2);
        await EventuallyAsync(() => silent.Reader.Assignment.Count == 1 && other.Reader.Assignment.Count == 1);
        silent.Journal.Count("revoked").ShouldBe(0);
    }

    [Fact]
    public async Task A_member_can_be_woken()
    {
        var topic = await TopicAsync();
        await using var member = await JoinAsync("a", topic);
        var pending = member.Reader.ReadAsync(Token).AsTask();
        await EventuallyAsync(() => member.Reader.Assignment.Count == 1);
        member.Reader.Wake();
        (await pending).ShouldBeNull();
    }

    /// <summary>A partition's owners follow each other: nobody is given what another still has.</summary>
    private void OwnersAlternate()
    {
        lock (_lines)
        {
            var owners = new Dictionary<string, string>();
            foreach (var line in _lines.Select(line => line.Split(' ')))
            {
                var (member, what, partition) = (line[0], line[1], line[2]);
                if (what == "assigned")
                {
                    owners.TryAdd(partition, member).ShouldBeTrue($"{partition} is given to {member} while {owners.GetValueOrDefault(partition)} has it");
                }
                else
                {
                    owners.Remove(partition, out var owner).ShouldBeTrue();
                    owner.ShouldBe(member);
                }
            }
        }
    }

    private async Task CommitAsync(string topic, IGroupMember? member, params (TopicPartition Partition, GroupPosition Position)[] positions)
    {
        await using var writer = await Log.OpenWriterAsync($"w-{topic}", Token);
        var batch = new AtomicBatch { Member = member };
        foreach (var (partition, position) in positions)
        {
            batch.SetPosition($"g-{topic}", partition, position);
        }

        await writer.CommitAsync(batch, Token);
    }

    private async Task<Member> JoinAsync(string name, string topic, string? group = null)
    {
        var journal = new Journal(name, _lines);
        var reader = await Log.JoinGroupAsync(group ?? $"g-{topic}", [topic], journal, ReaderOptions.Default, Token);
        return new Member(Log, name, reader, journal, Token);
    }

    /// <summary>A member that reads, in the test's own steps or beside it.</summary>
    private sealed class Member(IEventLog log, string name, IGroupMember reader, Journal journal, CancellationToken token) : IAsyncDisposable
    {
        private readonly Lock _gate = new();
        private readonly List<Copy> _read = [];
        private readonly Dictionary<TopicPartition, long> _next = [];
        private Task _reading = Task.CompletedTask;

        public IGroupMember Reader => reader;

        public Journal Journal => journal;

        public bool ReadBeforeAssigned { get; private set; }

        public IReadOnlyList<Copy> Read
        {
            get
            {
                lock (_gate)
                {
                    return [.. _read];
                }
            }
        }

        public void Start() => _reading = Task.Run(() => ReadUntilAsync(static _ => false));

        public async Task ReadUntilAsync(Func<IReadOnlyList<Copy>, bool> enough)
        {
            while (!enough(Read))
            {
                using var batch = await reader.ReadAsync(token);
                if (batch is not null)
                {
                    ReadBeforeAssigned |= journal.Count("assigned") == 0;
                    lock (_gate)
                    {
                        _read.AddRange(Copy.Of(batch));
                        _next[batch.Partition] = batch.NextOffset;
                    }
                }
            }
        }

        public void CommitWhenRevoked() => journal.Revoking = async partitions =>
        {
            await using var writer = await log.OpenWriterAsync($"{name}-{reader.Group}", token);
            var batch = new AtomicBatch { Member = reader };
            lock (_gate)
            {
                foreach (var partition in partitions.Where(_next.ContainsKey))
                {
                    batch.SetPosition(reader.Group, partition, new GroupPosition(_next[partition]));
                }
            }

            await writer.CommitAsync(batch, token);
        };

        public async ValueTask DisposeAsync()
        {
            await reader.DisposeAsync();
            try
            {
                await _reading;
            }
            catch (ObjectDisposedException)
            {
                // What a read says that was pending when its reader was disposed.
            }
        }
    }
}
