using Marketplace.EventLog;
using Marketplace.Gateway.Ingestion;

namespace Marketplace.Gateway.Hosting.Problems;

/// <summary>Turns every failure and every empty error answer into a problem. Outermost of all.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, EventLogFailure failure, ILogger<ProblemMiddleware> logger)
{
    private static readonly TimeSpan RetrySoon = TimeSpan.FromSeconds(1);

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null or 0 })
            {
                await Empty(context.Response.StatusCode, TakesStream(context)).WriteAsync(context);
            }
        }
        catch (Exception e) when (IsClientGone(e, context))
        {
            Log.ClientGone(logger, context.Request.Method, context.Request.Path);
            context.Abort();
        }
        catch (Exception e)
        {
            var problem = Of(e, context);
            if (context.Response.HasStarted)
            {
                // The client must not take half an answer for the whole.
                context.Abort();
                return;
            }

            context.Response.Clear();
            await problem.WriteAsync(context);
        }
    }

    private static bool IsClientGone(Exception e, HttpContext context) =>
        e is Microsoft.AspNetCore.Connections.ConnectionResetException
        || (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested);

    private Problem Of(Exception e, HttpContext context)
    {
        switch (e)
        {
            case ProblemException known:
                return known.Problem;
            case BadHttpRequestException bad:
                return Empty(bad.StatusCode, TakesStream(context));
            case NotReadyException notReady:
                return new Problem(StatusCodes.Status503ServiceUnavailable, notReady.Message) { RetryAfter = RetrySoon };
            case RecordTooLargeException:
                return new Problem(StatusCodes.Status413PayloadTooLarge, "This makes a record larger than the event log takes.");
            case LogUnavailableException unavailable:
                Log.LogUnavailable(logger, e, context.Request.Method, context.Request.Path);
                return LogUnavailable(unavailable.RetryAfter);
            case LogFailedException:
                failure.Report(e);
                return LogUnavailable(RetrySoon);
            default:
                Log.Unexpected(logger, e, context.Request.Method, context.Request.Path);
                return Empty(StatusCodes.Status500InternalServerError, takesStream: false);
        }
    }

    public static Problem LogUnavailable(TimeSpan retryAfter) =>
        new(StatusCodes.Status503ServiceUnavailable, "The event log cannot be written now. What was not acknowledged may be sent again.") { RetryAfter = retryAfter };

    private static bool TakesStream(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<IngestionMetadata>() is not null;

    private static Problem Empty(int status, bool takesStream) => new(status, status switch
    {
        StatusCodes.Status400BadRequest => "The request is not as it should be.",
        StatusCodes.Status404NotFound => "There is nothing at this address.",
        StatusCodes.Status405MethodNotAllowed => "This address does not take this method; the header Allow lists those it takes.",
        StatusCodes.Status408RequestTimeout => "The request came too slowly.",
        StatusCodes.Status413PayloadTooLarge => $"The body is larger than {Listening.MaxBodyBytes} bytes{(takesStream ? "; a stream of lines (application/x-ndjson) has no limit" : "")}.",
        StatusCodes.Status415UnsupportedMediaType => "The body is of a media type or an encoding that is not taken here: it has to be application/json, not compressed.",
        >= 500 => "The gateway failed on this request; its log says why.",
        _ => "The request cannot be served.",
    });

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "The client of {Method} {Path} is gone.")]
        public static partial void ClientGone(ILogger logger, string method, string path);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} is answered 503: the event log is unavailable.")]
        public static partial void LogUnavailable(ILogger logger, Exception exception, string method, string path);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed.")]
        public static partial void Unexpected(ILogger logger, Exception exception, string method, string path);
    }
}
