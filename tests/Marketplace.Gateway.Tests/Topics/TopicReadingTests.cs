using System.Text;
using Marketplace.EventLog;
using Marketplace.EventLog.Embedded;
using Marketplace.Gateway.Tests.Fixture;
using Marketplace.Gateway.Topics;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marketplace.Gateway.Tests.Topics;

/// <summary>Parts read on where they were when the log did not answer for a while, and are told when it refuses them.</summary>
public sealed class TopicReadingTests : IAsyncLifetime
{
    private const string Topic = "t";
    private const int Records = 7;

    /// <summary>One record a batch.</summary>
    private static readonly ReaderOptions Single = new() { MaxBatchBytes = 1 };

    private readonly string _folder = Directory.CreateTempSubdirectory("marketplace-reading-").FullName;
    private readonly FailingLog _failing = new();
    private EmbeddedEventLog _log = null!;
    private TopicReading _reading = null!;

    public async ValueTask InitializeAsync()
    {
        _log = await EmbeddedEventLog.OpenAsync(new EmbeddedLogOptions { Path = _folder }, TimeProvider.System, NullLogger<EmbeddedEventLog>.Instance, CancellationToken.None);
        await _log.EnsureTopicsAsync([new TopicSpec(Topic, 1)], CancellationToken.None);
        for (var i = 0; i < Records; i++)
        {
            await _log.AppendAsync(Topic, new LogRecord { Key = "k"u8.ToArray(), Value = Encoding.UTF8.GetBytes($"{i}") }, CancellationToken.None);
        }

        _reading = new TopicReading(_failing.Over(_log), TimeProvider.System, NullLogger<TopicReading>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_log_that_does_not_answer_is_waited_for_and_each_record_comes_once()
    {
        var reads = 0;
        _failing.ReadFault = () => reads++ % 3 == 2 ? new LogUnavailableException("away") : null;
        (await ReadAsync(from: 2)).ShouldBe(["2", "3", "4", "5", "6"]);
        reads.ShouldBe(5 + 2, "five that read, two that failed");
    }

    [Fact]
    public async Task An_end_is_asked_for_until_it_is_told()
    {
        var asked = 0;
        _failing.RangeFault = _ => ++asked < 3 ? new LogUnavailableException("away") : null;
        (await _reading.EndsAsync(Topic, 1, TestContext.Current.CancellationToken)).ShouldBe([Records]);
        asked.ShouldBe(3);
    }

    [Fact]
    public async Task Who_is_refused_is_told()
    {
        var refusal = new LogUnavailableException("no right") { IsDenied = true };
        (_failing.ReadFault, _failing.RangeFault) = (() => refusal, _ => refusal);
        (await Should.ThrowAsync<LogUnavailableException>(() => ReadAsync(from: 0))).ShouldBe(refusal);
        (await Should.ThrowAsync<LogUnavailableException>(() => _reading.EndsAsync(Topic, 1, TestContext.Current.CancellationToken))).ShouldBe(refusal);
    }

    private async Task<List<string>> ReadAsync(long from)
    {
        var read = new List<string>();
        await foreach (var batch in _reading.ReadAsync(Topic, [from], Single, TestContext.Current.CancellationToken))
        {
            using (batch)
            {
                foreach (ref readonly var record in batch.Records)
                {
                    read.Add(Encoding.UTF8.GetString(record.Value!.Value.Span));
                }

                if (batch.NextOffset >= Records)
                {
                    break;
                }
            }
        }

        return read;
    }
}
