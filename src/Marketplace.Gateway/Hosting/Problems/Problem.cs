using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Marketplace.Gateway.Hosting.Problems;

/// <summary>An error as the gateway tells it: RFC 9457 <c>application/problem+json</c>, whatever the client accepts.</summary>
public sealed record Problem(int Status, string Detail)
{
    public const string ContentType = "application/problem+json";

    internal static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Validation errors by field path.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>When trying again makes sense.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Writes further members.</summary>
    public Action<Utf8JsonWriter>? Extensions { get; init; }

    public async Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await using var writer = new Utf8JsonWriter(response.BodyWriter, WriterOptions);
            WriteTo(writer);
        }
    }

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        WriteMembers(writer);
        writer.WriteEndObject();
    }

    private void WriteMembers(Utf8JsonWriter writer)
    {
        writer.WriteString("type", "about:blank");
        writer.WriteString("title", ReasonPhrases.GetReasonPhrase(Status));
        writer.WriteNumber("status", Status);
        writer.WriteString("detail", Detail);
        if (Errors is not null)
        {
            writer.WritePropertyName("errors");
            WriteErrors(writer, Errors);
        }

        Extensions?.Invoke(writer);
    }

    public static void WriteErrors(Utf8JsonWriter writer, IReadOnlyDictionary<string, string[]> errors)
    {
        writer.WriteStartObject();
        foreach (var (path, messages) in errors)
        {
            writer.WriteStartArray(path);
            foreach (var message in messages)
            {
                writer.WriteStringValue(message);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}

/// <summary>Ends a request with a problem.</summary>
public sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public ProblemException(int status, string detail)
        : this(new Problem(status, detail))
    {
    }

    public Problem Problem { get; } = problem;

    /// <summary>400 of one field, by its path.</summary>
    public static ProblemException OfField(string field, string error) => OfFields(new Dictionary<string, string[]> { [field] = [error] });

    /// <summary>400 of several fields, by their paths.</summary>
    public static ProblemException OfFields(IReadOnlyDictionary<string, string[]> errors, string detail = "The request is not valid.") =>
        new(new Problem(StatusCodes.Status400BadRequest, detail) { Errors = errors });
}

/// <summary>A part this request needs has not caught up yet, or does not run in this process; the message is shown.</summary>
public sealed class NotReadyException(string message) : Exception(message);
