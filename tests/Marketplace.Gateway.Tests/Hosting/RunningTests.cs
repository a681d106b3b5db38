using Marketplace.EventLog;
using Marketplace.Gateway.Hosting;
using Marketplace.Gateway.Tests.Fixture;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Marketplace.Gateway.Tests.Hosting;

/// <summary>How a gateway ends whose part dies: by one line that says why, with a stack only where it is a defect.</summary>
public sealed class RunningTests
{
    public static TheoryData<Exception, bool> Failures => new()
    {
        { new LogUnavailableException("Principal 'moderator' lacks Read on topic 'banned-products'."), false },
        { new InvalidOperationException("A defect."), true },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_part_that_dies_ends_the_gateway_with_its_reason(Exception failure, bool hasStack)
    {
        var (exitCode, line) = await RunAsync(services => services.AddHostedService(provider => new Part(provider.GetRequiredService<IHostApplicationLifetime>(), failure)));
        exitCode.ShouldBe(3);
        line.ShouldContain($"Part cannot go on: {failure.Message}");
        line.Contains("   at ", StringComparison.Ordinal).ShouldBe(hasStack, line);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_part_that_does_not_start_keeps_the_gateway_from_starting(Exception failure, bool hasStack)
    {
        var (exitCode, line) = await RunAsync(services => services.AddHostedService(_ => new Unstartable(failure)));
        exitCode.ShouldBe(StartRefusedException.ExitCode);
        line.ShouldContain($"does not start: {failure.Message}");
        line.Contains("   at ", StringComparison.Ordinal).ShouldBe(hasStack, line);
    }

    /// <returns>The exit code, and the only line of an error.</returns>
    private static async Task<(int ExitCode, string Line)> RunAsync(Action<IServiceCollection> parts)
    {
        var log = new GatewayLog();
        var builder = WebApplication.CreateBuilder(["--Urls=http://127.0.0.1:0"]).AddLogging();
        builder.Logging.ClearProviders().AddProvider(log);
        parts(builder.Services);
        await using var app = builder.Build();
        var exitCode = await app.RunToExitCodeAsync();
        return (exitCode, log.Lines.Where(line => line.Level >= LogLevel.Error).Select(line => line.Line).ShouldHaveSingleItem());
    }

    private sealed class Part(IHostApplicationLifetime lifetime, Exception failure) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task.WaitAsync(stoppingToken);
            throw failure;
        }
    }

    private sealed class Unstartable(Exception failure) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.FromException(failure);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
