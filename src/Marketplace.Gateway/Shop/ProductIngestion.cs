using System.Net.Mime;
using System.Text.Json;
using Marketplace.EventLog;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.Hosting.Requests;
using Marketplace.Gateway.Idempotency;
using Marketplace.Gateway.Topics;
using Marketplace.Products.Validation;
using Microsoft.Net.Http.Headers;

namespace Marketplace.Gateway.Shop;

/// <summary><c>POST /shop/products</c>: one product, an array, or a stream of lines. An answer of 202 or 207 is durable.</summary>
internal sealed class ProductIngestion(IEventLog log, IdempotentWrites idempotent, IHostApplicationLifetime lifetime)
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
            throw new ProblemException(StatusCodes.Status415UnsupportedMediaType, $"Products are sent as {MediaTypeNames.Application.Json} (one or an array) or {Ndjson} (a stream of lines).");
        }
    }

    private async Task PostOneAsync(HttpContext context, ReadOnlyMemory<byte> json)
    {
        var check = ProductRules.Check(json);
        if (!check.IsValid)
        {
            throw new ProblemException(new Problem(StatusCodes.Status400BadRequest, "The product is not valid.") { Errors = check.Errors });
        }

        var record = new LogRecord { Key = check.Id, Value = LineBreaks.Without(json) };
        if (idempotent.IsAsked(context))
        {
            await idempotent.RunAsync(context, json, TopicNames.ShopProducts, new[] { record }, positions => Answer.Of(
                StatusCodes.Status202Accepted, writer => WriteReceipt(writer, (check.Id, positions[0]))));
            return;
        }

        // Once valid it is written, also when the client has gone: half a cancellation would say nothing more certain.
        var position = await log.AppendAsync(TopicNames.ShopProducts, record, CancellationToken.None);
        JsonAnswer.Write(context.Response, StatusCodes.Status202Accepted, (check.Id, position), static (writer, receipt) => WriteReceipt(writer, receipt));
    }

    private async Task PostManyAsync(HttpContext context, ReadOnlyMemory<byte> body, ProductBatch batch)
    {
        if (idempotent.IsAsked(context) && !batch.Records.IsEmpty)
        {
            await idempotent.RunAsync(context, body, TopicNames.ShopProducts, batch.Records, positions =>
            {
                var report = new IngestionReport();
                batch.ReportTo(report, positions.ToArray());
                return Answer.Of(report.Status, report.Write);
            });
            return;
        }

        var report = new IngestionReport();
        try
        {
            batch.ReportTo(report, batch.Records.IsEmpty ? [] : await log.AppendAsync(TopicNames.ShopProducts, batch.Records, CancellationToken.None));
        }
        catch (LogUnavailableException e)
        {
            throw new ProblemException(report.Broken("The event log cannot be written now; go on at next_index.", e.RetryAfter));
        }

        Write(context, report);
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
            var batch = new ProductBatch();
            batch.ReadLines(body.Memory);
            await PostManyAsync(context, body.Memory, batch);
            return;
        }

        RequestBody.LiftLimits(context);
        using var stream = new StreamIngestion(log);
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

    private static void WriteReceipt(Utf8JsonWriter writer, (ReadOnlyMemory<byte> Id, RecordPosition Position) receipt)
    {
        writer.WriteStartObject();
        writer.WriteString("product_id"u8, receipt.Id.Span);
        writer.WriteNumber("partition"u8, receipt.Position.Partition);
        writer.WriteNumber("offset"u8, receipt.Position.Offset);
        writer.WriteEndObject();
    }

    private static ProductBatch ReadArray(ReadOnlyMemory<byte> json)
    {
        var batch = new ProductBatch();
        batch.ReadArray(json, MaxArray);
        return batch;
    }

    private static bool IsArray(ReadOnlySpan<byte> json) => json.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];

    private static bool IsMediaType(HttpRequest request, string type)
    {
        var header = request.ContentType;
        return header == type
            || (MediaTypeHeaderValue.TryParse(header, out var parsed) && parsed.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)
                && (!parsed.Charset.HasValue || HeaderUtilities.RemoveQuotes(parsed.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)));
    }
}
