using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Marketplace.Benchmarks.Load;

/// <summary>
/// The load generator <c>wrk</c>, where it is installed: it takes less of the processor than one in .NET. It does not say
/// which requests were under way when it ended, so the number of products accepted is not known exactly.
/// </summary>
internal sealed class Wrk : IDisposable
{
    private const string Script =
        """
        local requests = {}
        local next = 0
        function init(args)
          for line in io.lines(args[1]) do
            requests[#requests + 1] = wrk.format("POST", "/shop/products", { ["Content-Type"] = "application/json" }, line)
          end
        end
        function request()
          next = next % #requests + 1
          return requests[next]
        end
        function done(summary, latency)
          local e = summary.errors
          io.write(string.format("figures %d %d %d\n", summary.requests, summary.duration, e.status + e.connect + e.read + e.write + e.timeout))
        end
        """;

    private readonly string _script = Path.GetTempFileName();
    private readonly string _bodies = Path.GetTempFileName();

    /// <param name="bodies">One line each.</param>
    public Wrk(IEnumerable<byte[]> bodies)
    {
        File.WriteAllText(_script, Script);
        using var file = File.Create(_bodies);
        foreach (var body in bodies)
        {
            file.Write(body);
            file.Write("\n"u8);
        }
    }

    /// <returns>Requests a second, all answered with a status below 400.</returns>
    public async Task<double> RunAsync(IPEndPoint server, int connections, TimeSpan duration, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("wrk")
        {
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
            ArgumentList =
            {
                "-t1", string.Create(CultureInfo.InvariantCulture, $"-c{connections}"), string.Create(CultureInfo.InvariantCulture, $"-d{duration.TotalSeconds:0}s"),
                "-s", _script, $"http://{server}", "--", _bodies,
            },
        };
        using var process = Start(start);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var figures = output.Split('\n').FirstOrDefault(line => line.StartsWith("figures ", StringComparison.Ordinal))?.Split(' ')
            ?? throw new InvalidOperationException($"wrk ended with {process.ExitCode}:\n{output}");
        var numbers = figures[1..].Select(n => long.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        return numbers[2] == 0 ? numbers[0] * 1e6 / numbers[1] : throw new InvalidOperationException($"wrk counted {numbers[2]} errors:\n{output}");
    }

    public void Dispose()
    {
        File.Delete(_script);
        File.Delete(_bodies);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("wrk is not installed; leave out --wrk to use the built-in load generator.", e);
        }
    }
}
