using System.Diagnostics;
using System.Net;
using Marketplace.Benchmarks.Load;
using Marketplace.Benchmarks.Products;
using Marketplace.Testing;

namespace Marketplace.Benchmarks.Servers;

/// <summary>
/// The gateway as a process of its own with its default settings: filter, sink, search and recommendations all run.
/// Knows what was sent, so that it can tell when all of it is through, each product once.
/// </summary>
internal sealed class LiveGateway : IAsyncDisposable
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan QuietLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan IdleLook = TimeSpan.FromMilliseconds(250);
    private const double IdleShare = 0.1;

    private readonly GatewayProcess _process;
    private readonly FileInfo _sink;
    private long _sinkBytes;

    private LiveGateway(GatewayProcess process, string data)
    {
        _process = process;
        _sink = new FileInfo(Path.Combine(data, "filtered-products.txt"));
        _sinkBytes = SinkLength();
        Endpoint = new IPEndPoint(IPAddress.Loopback, process.Url.Port);
    }

    public IPEndPoint Endpoint { get; }

    public TimeSpan ProcessorTime => Look(p => p.TotalProcessorTime);

    /// <summary>Bytes of resident memory now, and the most there were.</summary>
    public (long Now, long Peak) Memory => Look(p => (p.WorkingSet64, p.PeakWorkingSet64));

    public static async Task<LiveGateway> StartAsync(string data, CancellationToken cancellationToken, params string[] settings)
    {
        var process = GatewayProcess.Start(data, Ports.Free(), settings);
        try
        {
            using var http = new HttpClient();
            await process.WaitUntilReadyAsync(http, ReadyLimit, cancellationToken);
            return new LiveGateway(process, data);
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>To be told of everything that was accepted: bytes of products, with a line end each.</summary>
    public void Accepted(long sinkBytes) => _sinkBytes += sinkBytes;

    /// <summary>For a load whose number of products is not known: waits until the sink's file grows no more, and takes that as accepted.</summary>
    public async Task TakeSinkAsAcceptedAsync(CancellationToken cancellationToken)
    {
        do
        {
            _sinkBytes = SinkLength();
            await Task.Delay(QuietLimit, cancellationToken);
        }
        while (SinkLength() != _sinkBytes);
    }

    /// <summary>
    /// Completes when everything accepted so far has passed the filter, can be found, and stands in the sink's file, which
    /// must then be exactly as long as all accepted products.
    /// </summary>
    /// <exception cref="TimeoutException">Nothing has moved for a while.</exception>
    public Task SettleAsync(SentinelSource sentinels, CancellationToken cancellationToken) => Task.Run(
        async () =>
        {
            using var http = new HttpConnection(Endpoint);
            var last = sentinels.OnePerPartition();
            foreach (var sentinel in last)
            {
                http.Exchange(sentinel.Post, 202);
                Accepted(sentinel.Body.Length + 1);
            }

            foreach (var sentinel in last)
            {
                await WaitAsync(() => sentinel.IsIn(http.Exchange(sentinel.Search, 200)), cancellationToken);
            }

            await WaitAsync(() => SinkLength() >= _sinkBytes, cancellationToken);
            if (SinkLength() != _sinkBytes)
            {
                throw new InvalidOperationException($"{_sink} has {_sink.Length} bytes where {_sinkBytes} were accepted.");
            }
        },
        cancellationToken);

    /// <summary>Waits until the process does next to nothing: what is done behind an answer (merges, the mirror) would disturb the next measure.</summary>
    public async Task UntilIdleAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(IdleLook);
        for (var before = ProcessorTime; await timer.WaitForNextTickAsync(cancellationToken);)
        {
            var now = ProcessorTime;
            if (now - before < IdleLook * IdleShare)
            {
                return;
            }

            before = now;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _process.StopAsync(StopLimit);
        }
        finally
        {
            _process.Dispose();
        }
    }

    /// <summary>Waits for the condition as long as the sink's file grows.</summary>
    private async Task WaitAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        var (length, moved) = (SinkLength(), Stopwatch.GetTimestamp());
        while (!condition())
        {
            await Task.Delay(Poll, cancellationToken);
            if (SinkLength() is var found && found != length)
            {
                (length, moved) = (found, Stopwatch.GetTimestamp());
            }
            else if (Stopwatch.GetElapsedTime(moved) > StallLimit)
            {
                throw new TimeoutException($"Not all accepted products came through: {_sink} has {length} of {_sinkBytes} bytes.\n{_process.Output}");
            }
        }
    }

    private long SinkLength()
    {
        _sink.Refresh();
        return _sink.Exists ? _sink.Length : 0;
    }

    private T Look<T>(Func<Process, T> what)
    {
        using var process = Process.GetProcessById(_process.Id);
        return what(process);
    }
}
