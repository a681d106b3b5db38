using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Access;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.Topics;
using Microsoft.AspNetCore.Http.Features;

namespace Marketplace.Gateway.Idempotency;

/// <summary>
/// Writes under an <c>Idempotency-Key</c>: the key, its answer and the records are one commit, so that a key seen again,
/// after whatever crash, gets the first answer and writes nothing.
/// </summary>
public sealed class IdempotentWrites(IEventLog log, IdempotencyKeys keys) : IAsyncDisposable
{
    public const string Header = "Idempotency-Key";

    /// <summary>A writer's name goes on with its topic, a hyphen and what makes it the only one.</summary>
    public const string WriterPrefix = "idempotency-";

    private const int MaxKeyLength = 255;

    /// <summary>A writer commits one at a time; with these, as many keyed requests share an fsync.</summary>
    private const int Writers = 16;

    private readonly ConcurrentDictionary<UInt128, byte> _underWay = new();

    /// <summary>Writers that wait for work, by the topic they write to: on a cluster each is another principal's.</summary>
    private readonly ConcurrentDictionary<string, Channel<IAtomicWriter?>> _pools = new(StringComparer.Ordinal);

    public bool IsAsked(HttpContext context) => context.Request.Headers.ContainsKey(Header);

    /// <inheritdoc cref="AnswerAsync(HttpContext, ReadOnlyMemory{byte}, string, Func{ValueTask{ReadOnlyMemory{LogRecord}}}, Func{IReadOnlyList{RecordPosition}, Answer})"/>
    public Task<Answer> AnswerAsync(
        HttpContext context, ReadOnlyMemory<byte> body, string topic, ReadOnlyMemory<LogRecord> records, Func<IReadOnlyList<RecordPosition>, Answer> answer) =>
        AnswerAsync(context, body, topic, () => new(records), answer);

    /// <summary>
    /// Commits the records with the answer they lead to, or finds the first answer of the same key; then neither <paramref name="records"/>
    /// nor <paramref name="answer"/> is called. Where there turns out to be nothing to write, the key is not kept.
    /// </summary>
    /// <param name="body">The request's body as sent; with method and path it is what the key stands for.</param>
    /// <exception cref="ProblemException">400: not a key; 409: the first is under way; 422: the key was used for another request.</exception>
    public async Task<Answer> AnswerAsync(
        HttpContext context, ReadOnlyMemory<byte> body, string topic, Func<ValueTask<ReadOnlyMemory<LogRecord>>> records, Func<IReadOnlyList<RecordPosition>, Answer> answer)
    {
        if (!keys.IsLoaded)
        {
            throw new NotReadyException("The idempotency keys of the last 24 hours are still being read.");
        }

        var recordKey = RecordKey(context);
        var key = KeyHash.Of(recordKey);
        var hash = Hash(context, body);
        if (!_underWay.TryAdd(key, 0))
        {
            throw new ProblemException(StatusCodes.Status409Conflict, "A request with this Idempotency-Key is under way.");
        }

        try
        {
            return await FirstAnswerAsync(key, hash, context.RequestAborted) ?? await CommitAsync(recordKey, key, hash, topic, await records(), answer);
        }
        finally
        {
            _underWay.TryRemove(key, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pool in _pools.Values)
        {
            while (pool.Reader.TryRead(out var writer))
            {
                if (writer is not null)
                {
                    await writer.DisposeAsync();
                }
            }
        }
    }

    private async Task<Answer?> FirstAnswerAsync(UInt128 key, byte[] hash, CancellationToken cancellationToken)
    {
        if (keys.Find(key) is not { } first)
        {
            return null;
        }

        return first.IsOf(hash)
            ? await keys.ReadAsync(first, cancellationToken)
            : throw new ProblemException(StatusCodes.Status422UnprocessableEntity, "This Idempotency-Key was used for another request.");
    }

    private async Task<Answer> CommitAsync(
        byte[] recordKey, UInt128 key, byte[] hash, string topic, ReadOnlyMemory<LogRecord> records, Func<IReadOnlyList<RecordPosition>, Answer> answer)
    {
        if (records.IsEmpty)
        {
            return answer([]);
        }

        Answer? made = null;
        var batch = new AtomicBatch();
        foreach (ref readonly var record in records.Span)
        {
            batch.Add(topic, record);
        }

        batch.AddDerived(TopicNames.IdempotencyKeys, positions =>
        {
            made = answer(positions);
            return new LogRecord { Key = recordKey, Value = IdempotencyRecord.Write(made, hash) };
        });
        var pool = _pools.GetOrAdd(topic, static _ => FullPool());
        var writer = await pool.Reader.ReadAsync();
        try
        {
            writer ??= await log.OpenWriterAsync($"{WriterPrefix}{topic}-{Guid.NewGuid():N}", CancellationToken.None);
            var positions = await writer.CommitAsync(batch, CancellationToken.None);
            keys.Add(key, positions[^1].Offset, hash);
            return made!;
        }
        catch (WriterFencedException e)
        {
            // Its name is nobody else's: the log ended its transaction, because this process was silent for too long.
            await (writer?.DisposeAsync() ?? ValueTask.CompletedTask);
            writer = null;
            throw new LogUnavailableException(e.Message, e);
        }
        finally
        {
            pool.Writer.TryWrite(writer);
        }
    }

    private static byte[] RecordKey(HttpContext context)
    {
        var sent = context.Request.Headers[Header];
        if (sent.Count != 1 || sent[0] is not { Length: > 0 and <= MaxKeyLength } key || !key.All(c => c is > ' ' and <= '~'))
        {
            throw new ProblemException(StatusCodes.Status400BadRequest, $"{Header} must be 1 to {MaxKeyLength} visible ASCII characters.");
        }

        return Encoding.UTF8.GetBytes($"{context.Features.Get<ApiKey>()?.Caller}\n{key}");
    }

    private static byte[] Hash(HttpContext context, ReadOnlyMemory<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{context.Request.Method} {context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget}\n"));
        hash.AppendData(body.Span);
        return hash.GetHashAndReset();
    }

    private static Channel<IAtomicWriter?> FullPool()
    {
        var pool = Channel.CreateUnbounded<IAtomicWriter?>();
        for (var n = 0; n < Writers; n++)
        {
            pool.Writer.TryWrite(null);
        }

        return pool;
    }
}
