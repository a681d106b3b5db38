using System.Net.Http.Headers;
using System.Net.Sockets;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Gateway;

/// <summary>The gateway over HTTP: the one place that sends requests.</summary>
internal sealed class GatewayClient : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = ConnectTimeout, AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly string _url;
    private readonly TimeProvider _time;

    public GatewayClient(string url, string? apiKey, TimeProvider time)
    {
        (_url, _time) = (url.TrimEnd('/'), time);
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (apiKey is not null)
        {
            _http.DefaultRequestHeaders.Add("X-Api-Key", apiKey);
        }
    }

    public string Url => _url;

    /// <summary>The answer whatever its status.</summary>
    /// <param name="path">From <see cref="Route"/>, percent-encoded.</param>
    /// <param name="timeout">How long the answer may take; a minute unless given.</param>
    /// <exception cref="GatewayUnreachable">Nobody answers, the connection broke, or the answer took too long.</exception>
    public async Task<GatewayAnswer> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken, string? idempotencyKey = null, TimeSpan? timeout = null)
    {
        // As it is: what is percent-encoded stays so, and dots are not folded.
        using var request = new HttpRequestMessage(method, new Uri(_url + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true })) { Content = content };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        using var limit = new CancellationTokenSource(timeout ?? AnswerTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return new GatewayAnswer(
                (int)response.StatusCode,
                response.Content.Headers.ContentType?.MediaType,
                await response.Content.ReadAsByteArrayAsync(either.Token),
                RetryAfter(response));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GatewayUnreachable($"шлюз {_url} не ответил вовремя");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw new GatewayUnreachable($"шлюз {_url} недоступен: {Reason(e)}");
        }
    }

    public Task<GatewayAnswer> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, cancellationToken);

    public void Dispose() => _http.Dispose();

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };

    private static string Reason(Exception e) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "имя не находится",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "не удалось установить TLS",
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "в соединении отказано (он запущен?)",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "не удалось соединиться",
        _ => "соединение прервалось",
    };
}

/// <summary>Nobody answers at the gateway's address, or the connection broke before the answer.</summary>
internal sealed class GatewayUnreachable(string message) : CommandFailure(Running.ExitCode.Unavailable, message);
