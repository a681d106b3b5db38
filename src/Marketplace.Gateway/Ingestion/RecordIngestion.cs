using System.Net.Mime;
using System.Text.Json;
using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.Hosting.Requests;
using Marketplace.Gateway.Idempotency;
using Marketplace.Gateway.Topics;
using Marketplace.Products.Validation;
using Microsoft.Net.Http.Headers;

namespace Marketplace.Gateway.Ingestion;

/// <summary>A POST of one record, an array, or a stream of lines. An answer of 202 or 207 is durable.</summary>
internal sealed class RecordIngestion(RecordKind kind, IEventLog log, IdempotentWrites idempotent, IngestionMetrics metrics, IHostApplicationLifetime lifetime)
{
    public const string Ndjson = "application/x-ndjson";
    private const int MaxArray = 10_000;

    public async Task PostAsync(HttpContext context)
    {
        if (IsMediaType(context.Request, Ndjson))
        {
            await PostLinesAsync(context);
        }
        else if (IsMediaType(context.Request, MediaTypeNames.Application.Json))
        {
            using var body = await RequestBody.ReadAsync(context.Request);
            await (IsArray(body.Memory.Span) ? PostManyAsync(context, body.Memory, ReadArray(body.Memory)) : PostOneAsync(context, body.Memory));
        }
        else
        {
            throw new ProblemException(
                StatusCodes.Status415UnsupportedMediaType, $"{Capital(kind.Noun.Many)} are sent as {MediaTypeNames.Application.Json} (one or an array) or {Ndjson} (a stream of lines).");
        }
    }

    private async Task PostOneAsync(HttpContext context, ReadOnlyMemory<byte> json)
    {
        var check = kind.Check(json);
        if (!check.IsValid)
        {
            metrics.Rejected(kind);
            throw new ProblemException(new Problem(StatusCodes.Status400BadRequest, $"The {kind.Noun.One} is not valid.") { Errors = check.Errors });
        }

        if (kind.Admission is null && !idempotent.IsAsked(context))
        {
            // Without a batch: this is the way of most products. Once valid it is written, also when the client has gone.
            var position = await log.AppendAsync(kind.Topic, new LogRecord { Key = check.Key, Value = LineBreaks.Without(json), Headers = TraceContext.OfCurrent() }, CancellationToken.None);
            metrics.Accepted(kind);
            WriteReceipt(context, check.Id, new IngestionResult(0, null, position, null));
            return;
        }

        var batch = new IngestionBatch(kind);
        batch.Add(check, json);
        if (idempotent.IsAsked(context))
        {
            await WriteKeyedAsync(context, json, batch, positions =>
            {
                var result = batch.ResultOf(0, 0, positions, withId: false);
                return (Answer.Of(StatusCodes.Status202Accepted, writer => WriteReceipt(writer, (kind, check.Id, result))), IngestionCounts.Of(result));
            });
        }
        else
        {
            var result = batch.ResultOf(0, 0, await log.WriteAsync(kind, batch), withId: false);
            metrics.Counted(kind, IngestionCounts.Of(result));
            WriteReceipt(context, check.Id, result);
        }
    }

    private async Task PostManyAsync(HttpContext context, ReadOnlyMemory<byte> body, IngestionBatch batch)
    {
        if (idempotent.IsAsked(context) && !batch.Records.IsEmpty)
        {
            await WriteKeyedAsync(context, body, batch, positions =>
            {
                var report = new IngestionReport(kind);
                batch.ReportTo(report, positions);
                return (Answer.Of(report.Status, report.Write), report.Counts);
            });
            return;
        }

        var report = new IngestionReport(kind);
        try
        {
            batch.ReportTo(report, await log.WriteAsync(kind, batch));
            metrics.Counted(kind, report.Counts);
        }
        catch (LogUnavailableException e)
        {
            throw new ProblemException(report.Broken("The event log cannot be written now; go on at next_index.", e.RetryAfter));
        }

        Write(context, report);
    }

    /// <summary>Writes what is new in the batch together with the request's idempotency key, and sends the answer.</summary>
    /// <param name="answer">To the positions of what was written, and what it counts; not called when the key has an answer already.</param>
    private async Task WriteKeyedAsync(
        HttpContext context, ReadOnlyMemory<byte> body, IngestionBatch batch, Func<IReadOnlyList<RecordPosition>, (Answer Answer, IngestionCounts Counts)> answer)
    {
        IAdmitted? admitted = null;
        (IReadOnlyList<RecordPosition> Positions, IngestionCounts Counts)? written = null;
        try
        {
            var sent = await idempotent.AnswerAsync(context, body, kind.Topic, AdmitAsync, positions =>
            {
                // The key's own record follows those of the batch.
                var (made, counts) = answer(positions);
                written = (positions, counts);
                return made;
            });
            if (written is { } done)
            {
                admitted?.Written(done.Positions);
                metrics.Counted(kind, done.Counts);
            }

            await sent.WriteAsync(context.Response);
        }
        finally
        {
            admitted?.Dispose();
        }

        // Only once the key is known to be new: to admission all that it stands for would be duplicates.
        async ValueTask<ReadOnlyMemory<LogRecord>> AdmitAsync()
        {
            admitted = kind.Admission is null ? null : await kind.Admission.AdmitAsync(batch);
            return batch.Records;
        }
    }

    private async Task PostLinesAsync(HttpContext context)
    {
        if (idempotent.IsAsked(context))
        {
            if (context.Request.ContentLength is not <= Hosting.Listening.MaxBodyBytes)
            {
                throw new ProblemException(StatusCodes.Status400BadRequest, $"{IdempotentWrites.Header} is for bodies of a known length of at most {Hosting.Listening.MaxBodyBytes} bytes.");
            }

            using var body = await RequestBody.ReadAsync(context.Request);
            var batch = new IngestionBatch(kind);
            batch.ReadLines(body.Memory);
            await PostManyAsync(context, body.Memory, batch);
            return;
        }

        RequestBody.RefuseEncoded(context.Request);
        RequestBody.LiftLimits(context);
        using var stream = new StreamIngestion(kind, log, metrics);
        Write(context, await stream.RunAsync(context.Request.BodyReader, lifetime.ApplicationStopping));
    }

    private static void Write(HttpContext context, IngestionReport report)
    {
        if (report.Status == StatusCodes.Status400BadRequest)
        {
            throw new ProblemException(report.NoneTaken());
        }

        JsonAnswer.Write(context.Response, report.Status, report, static (writer, report) => report.Write(writer));
    }

    private void WriteReceipt(HttpContext context, ReadOnlyMemory<byte> id, in IngestionResult result) =>
        JsonAnswer.Write(context.Response, StatusCodes.Status202Accepted, (kind, id, result), static (writer, receipt) => WriteReceipt(writer, receipt));

    private static void WriteReceipt(Utf8JsonWriter writer, (RecordKind Kind, ReadOnlyMemory<byte> Id, IngestionResult Result) receipt)
    {
        writer.WriteStartObject();
        writer.WriteString(receipt.Kind.IdField, receipt.Id.Span);
        if (receipt.Kind.Admission is not null)
        {
            writer.WriteString("status"u8, receipt.Result.IsDuplicate ? "duplicate"u8 : "accepted"u8);
        }

        writer.WriteNumber("partition"u8, receipt.Result.Position.Partition);
        writer.WriteNumber("offset"u8, receipt.Result.Position.Offset);
        writer.WriteEndObject();
    }

    private IngestionBatch ReadArray(ReadOnlyMemory<byte> json)
    {
        var batch = new IngestionBatch(kind);
        batch.ReadArray(json, MaxArray);
        return batch;
    }

    private static bool IsArray(ReadOnlySpan<byte> json) => json.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];

    private static string Capital(string noun) => char.ToUpperInvariant(noun[0]) + noun[1..];

    private static bool IsMediaType(HttpRequest request, string type)
    {
        var header = request.ContentType;
        return header == type
            || (MediaTypeHeaderValue.TryParse(header, out var parsed) && parsed.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)
                && (!parsed.Charset.HasValue || HeaderUtilities.RemoveQuotes(parsed.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)));
    }
}
