using System.Buffers;
using System.IO.Pipelines;
using Marketplace.Cli.Gateway;
using Marketplace.Cli.Running;
using Marketplace.Cli.Shop.Input;

namespace Marketplace.Cli.Shop.Sending;

/// <summary>
/// Sends products without end in segments: one is under way, the next is read meanwhile, so segments grow with the pace
/// of the source and of the gateway, and memory is bounded. Each segment has an idempotency key: sent again after a
/// broken connection, it is written once. Order is kept.
/// </summary>
internal sealed class ProductSender(GatewayClient gateway, TimeProvider time, ISendObserver observer)
{
    /// <summary>The gateway lists what became of each product of an answer up to twice as many.</summary>
    private const int MaxProducts = 5_000;
    private const long MaxBytes = 4 * 1024 * 1024;

    /// <summary>After Ctrl+C the segment under way may still be answered.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A read of stdin cannot be called off; the process ends without it.</summary>
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly string _run = Guid.NewGuid().ToString("N");
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 2 * MaxBytes, resumeWriterThreshold: MaxBytes, useSynchronizationContext: false));
    private long _framed;
    private long _sent;
    private bool _answered;

    /// <summary>How long to go on trying when nothing gets through.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Sends all products of the source from this index on; the report tells how far it came, however it ends.</summary>
    /// <exception cref="CommandFailure">The source cannot be read, or the gateway does not take what it is sent.</exception>
    /// <exception cref="OperationCanceledException">Stopped; what was under way has been waited for.</exception>
    public async Task RunAsync(IProductSource source, long from, SendReport report, CancellationToken cancellationToken)
    {
        using var stopReading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => FillAsync(source, from, stopReading.Token), CancellationToken.None);
        try
        {
            await DrainAsync(source, report, cancellationToken);
        }
        finally
        {
            await _pipe.Reader.CompleteAsync();
            await stopReading.CancelAsync();
            await ((Task)reading).WaitAsync(ReadTimeout, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (reading.IsCompleted)
        {
            await reading;
        }
    }

    /// <summary>Ends the pipe in every case: what was read before a failure is still sent.</summary>
    private async Task FillAsync(IProductSource source, long from, CancellationToken cancellationToken)
    {
        try
        {
            var index = 0L;
            await foreach (var product in source.ReadAsync(cancellationToken))
            {
                if (index++ < from)
                {
                    continue;
                }

                foreach (var memory in product)
                {
                    _pipe.Writer.Write(memory.Span);
                }

                _pipe.Writer.Write("\n"u8);
                Interlocked.Add(ref _framed, product.Length + 1);
                if ((await _pipe.Writer.FlushAsync(cancellationToken)).IsCompleted)
                {
                    return;
                }
            }
        }
        finally
        {
            await _pipe.Writer.CompleteAsync();
        }
    }

    private async Task DrainAsync(IProductSource source, SendReport report, CancellationToken cancellationToken)
    {
        using var giveUp = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var stop = cancellationToken.UnsafeRegister(_ => giveUp.CancelAfter(StopTimeout), null);
        while (true)
        {
            var read = await _pipe.Reader.ReadAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            var segment = Segment.Cut(read.Buffer, MaxProducts, MaxBytes);
            if (segment.Count == 0)
            {
                if (read.IsCompleted)
                {
                    return;
                }

                _pipe.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            await DeliverAsync(segment, report, cancellationToken, giveUp.Token);
            _sent += segment.Lines.Length;
            _pipe.Reader.AdvanceTo(segment.Lines.End);
            observer.Advanced(report, Part(source));
        }
    }

    /// <summary>Sends a segment until the gateway has answered what became of it.</summary>
    private async Task DeliverAsync(Segment segment, SendReport report, CancellationToken stop, CancellationToken giveUp)
    {
        var since = time.GetTimestamp();
        for (var attempt = 0; ; attempt++)
        {
            TimeSpan? retryAfter = null;
            CommandFailure failure;
            try
            {
                var answer = await gateway.SendAsync(HttpMethod.Post, "/shop/products", segment.ToContent(), giveUp, $"{_run}-{report.Next}");
                _answered = true;
                if (answer.Status is 202 or 207 or 400 && TryReport(answer, report))
                {
                    return;
                }

                failure = answer.Failure();
                if (answer.Status is not (409 or 429 or 502 or 503 or 504))
                {
                    throw failure;
                }

                if (TryPart(answer, report, out var done))
                {
                    segment = segment.Skip(done);
                    since = time.GetTimestamp();
                    attempt = 0;
                }

                retryAfter = answer.RetryAfter;
            }
            catch (GatewayUnreachable unreachable) when (_answered)
            {
                failure = unreachable;
            }

            var wait = retryAfter ?? TimeSpan.FromMilliseconds(Math.Min(LongestWait.TotalMilliseconds, 200 * Math.Pow(2, attempt)));
            if (time.GetElapsedTime(since) + wait > Patience)
            {
                throw failure;
            }

            observer.Waiting(failure.Message, wait);
            await Task.Delay(wait, time, stop);
        }
    }

    /// <summary>A report of every product: also a 400 is one when all products were refused.</summary>
    private bool TryReport(GatewayAnswer answer, SendReport report)
    {
        var result = answer.Read(GatewayJson.Default.IngestionAnswer);
        if (result.Results is null)
        {
            return false;
        }

        var first = report.Next;
        report.Add(result);
        foreach (var refused in result.Results.Where(product => product.IsRefused))
        {
            observer.Refused(refused, first + refused.Index);
        }

        return true;
    }

    /// <summary>The log failed midway: what stands before <c>next_index</c> is durable.</summary>
    private static bool TryPart(GatewayAnswer answer, SendReport report, out int done)
    {
        done = 0;
        if (answer.MediaType != GatewayProblem.MediaType || answer.Read(GatewayJson.Default.GatewayProblem) is not { NextIndex: > 0 and var next } problem)
        {
            return false;
        }

        report.AddUnlisted(problem.Accepted ?? 0, problem.Rejected ?? 0);
        done = (int)next;
        return true;
    }

    private double? Part(IProductSource source) => source.Length is { } length and > 0
        ? (double)_sent / Interlocked.Read(ref _framed) * source.Read / length
        : null;
}
