using System.Diagnostics;
using System.Globalization;
using System.Net;
using Marketplace.Testing;

namespace Marketplace.Benchmarks.Servers;

/// <summary><see cref="EmptyServer"/> as a process of its own, as the gateway is one.</summary>
internal sealed class EmptyServerProcess : IDisposable
{
    private readonly Process _process;

    private EmptyServerProcess(Process process, int port) => (_process, Endpoint) = (process, new IPEndPoint(IPAddress.Loopback, port));

    public IPEndPoint Endpoint { get; }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<EmptyServerProcess> StartAsync(CancellationToken cancellationToken)
    {
        var port = Ports.Free();
        var process = Process.Start(new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { typeof(EmptyServer).Assembly.Location, EmptyServer.Command, port.ToString(CultureInfo.InvariantCulture) },
        })!;
        var server = new EmptyServerProcess(process, port);
        if (await process.StandardOutput.ReadLineAsync(cancellationToken) is null)
        {
            server.Dispose();
            throw new InvalidOperationException("The empty server did not start.");
        }

        return server;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
