using System.Net;
using Marketplace.Testing;

namespace Marketplace.Monitoring.Tests;

/// <summary>Takes HTTP requests on a port of its own, one after another.</summary>
internal sealed class HttpReceiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<HttpListenerContext, Task> _receive;

    /// <param name="receive">Called with each request; the answer is sent when it has ended.</param>
    public HttpReceiver(Func<HttpListenerContext, Task> receive)
    {
        _receive = receive;
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _ = Task.Run(ReceiveAsync);
    }

    public Uri Address { get; } = new($"http://localhost:{Ports.Free()}/");

    public void Dispose() => _listener.Close();

    private async Task ReceiveAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            try
            {
                await _receive(context);
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
            {
                // Whoever sent this one has given up; the next may come.
            }
        }
    }
}
