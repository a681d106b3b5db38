using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Marketplace.Gateway.Tests.Fixture;

/// <summary>
/// Gives a test class a started gateway, and starts more where a test needs one of its own. What engine the event log runs
/// on is known only to the class derived from this; a test class runs on another engine by being given another fixture.
/// </summary>
public abstract class GatewayFixture(bool onKestrel) : IAsyncLifetime
{
    private TestGateway? _gateway;

    /// <summary>The class's gateway: without API keys, under the system's clock.</summary>
    public virtual TestGateway Gateway => _gateway ?? throw new InvalidOperationException("The fixture is not started.");

    /// <summary>Starts a gateway on a log of its own.</summary>
    /// <param name="time">The clock; the system's unless given.</param>
    /// <param name="settings">As on the command line, without the dashes: <c>Filter:Enabled=false</c>.</param>
    public Task<TestGateway> StartAsync(FakeTimeProvider? time = null, params string[] settings) => StartAsync(time, null, settings);

    /// <param name="services">Adds to the gateway's own services.</param>
    public async Task<TestGateway> StartAsync(FakeTimeProvider? time, Action<IServiceCollection>? services, params string[] settings)
    {
        var engine = await OpenEngineAsync();
        return await TestGateway.StartAsync(engine, onKestrel, time, services, settings);
    }

    public virtual async ValueTask InitializeAsync() => _gateway = await StartAsync();

    public virtual async ValueTask DisposeAsync()
    {
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A log that is empty, and a folder for the rest of the gateway's state.</summary>
    protected abstract ValueTask<TestEngine> OpenEngineAsync();
}

/// <summary>The engine below one gateway; disposing it takes away all that it kept.</summary>
public abstract class TestEngine : IAsyncDisposable
{
    /// <summary>The folder of the gateway's state.</summary>
    public string DataPath { get; } = Directory.CreateTempSubdirectory("marketplace-gateway-").FullName;

    /// <summary>The settings that make a gateway use this log.</summary>
    public abstract IEnumerable<string> Settings { get; }

    /// <summary>Completes when another gateway can start on the same state, after one has let go of its log and of the mirror's.</summary>
    public Task ReleasedAsync() => Wait.UntilAsync(
        () => Task.FromResult(Directory.EnumerateFiles(DataPath, "event-log.lock", SearchOption.AllDirectories).All(IsFree)), "the gateway's folder is let go of");

    private static bool IsFree(string lockFile)
    {
        try
        {
            using var _ = new FileStream(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (FileNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        await ReleasedAsync();
        Directory.Delete(DataPath, recursive: true);
        GC.SuppressFinalize(this);
    }
}
