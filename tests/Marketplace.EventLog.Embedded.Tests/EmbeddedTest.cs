using System.Text;
using Marketplace.EventLog.Embedded.Sqlite;

namespace Marketplace.EventLog.Embedded.Tests;

/// <summary>What tests of this engine alone share.</summary>
public abstract class EmbeddedTest : IAsyncLifetime
{
    private readonly CancellationTokenSource _timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    protected EmbeddedHarness Harness { get; } = new();

    protected EmbeddedEventLog Log => Harness.Embedded;

    protected CancellationToken Token => _timeout.Token;

    public virtual async ValueTask InitializeAsync()
    {
        await Harness.StartAsync();
        _timeout.CancelAfter(TimeSpan.FromMinutes(8));
    }

    public async ValueTask DisposeAsync()
    {
        await Harness.DisposeAsync();
        _timeout.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static LogRecord Record(string key, string value) => new() { Key = Encoding.UTF8.GetBytes(key), Value = Encoding.UTF8.GetBytes(value) };

    /// <summary>Text that takes its room on the disk; the same each time.</summary>
    protected static string Incompressible(int length)
    {
        var bytes = new byte[length / 4 * 3];
        new Random(1).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    protected Task EnsureAsync(string topic, Func<TopicSpec, TopicSpec>? with = null)
    {
        var spec = new TopicSpec(topic, 1);
        return Log.EnsureTopicsAsync([with?.Invoke(spec) ?? spec], Token).AsTask();
    }

    protected async Task<List<string>> ReadAsync(string topic)
    {
        var name = new TopicPartition(topic, 0);
        var end = (await Log.GetRangeAsync(name, Token)).End;
        var values = new List<string>();
        await using var reader = await Log.OpenReaderAsync(new Dictionary<TopicPartition, long> { [name] = LogOffset.Begin }, ReaderOptions.Default, Token);
        while (reader.PositionOf(name) < end)
        {
            using var batch = await reader.ReadAsync(Token);
            foreach (var record in batch!.Records)
            {
                values.Add(record.Value is { } value ? Encoding.UTF8.GetString(value.Span) : "-");
            }
        }

        return values;
    }

    /// <summary>Asks the closed log's file.</summary>
    protected long Query(string sql)
    {
        using var connection = SqliteConnection.Open(Harness.DatabaseFile, readOnly: false);
        return connection.QueryInt64(sql);
    }

    /// <summary>Changes the closed log's file.</summary>
    protected void Change(string sql)
    {
        using var connection = SqliteConnection.Open(Harness.DatabaseFile, readOnly: false);
        connection.Execute(sql);
    }

    protected async Task EventuallyAsync(Func<bool> happened)
    {
        while (!happened())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), Token);
        }
    }
}
