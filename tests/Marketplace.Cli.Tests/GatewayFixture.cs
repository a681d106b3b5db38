using Marketplace.Cli.Tests;
using Marketplace.Testing;

[assembly: AssemblyFixture(typeof(GatewayFixture))]

namespace Marketplace.Cli.Tests;

/// <summary>One gateway on Kestrel for all tests; each uses ids of its own.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    public const string ShopKey = "shop-key";
    public const string AdminKey = "admin-key";

    private readonly string _data = Directory.CreateTempSubdirectory("marketplace-cli-").FullName;
    private GatewayProcess? _process;

    public string Url => _process!.Url.ToString();

    public async ValueTask InitializeAsync()
    {
        _process = GatewayProcess.Start(
            _data,
            Ports.Free(),
            $"--Auth:ApiKeys:0:Key={AdminKey}", "--Auth:ApiKeys:0:Roles=admin", $"--Auth:ApiKeys:1:Key={ShopKey}", "--Auth:ApiKeys:1:Roles=shop");
        using var http = new HttpClient();
        await _process.WaitUntilReadyAsync(http, Eventually.HangLimit, CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        _process?.Dispose();
        Directory.Delete(_data, recursive: true);
        return ValueTask.CompletedTask;
    }
}
