using Marketplace.Gateway.Analytics;
using Marketplace.Gateway.Banned;
using Marketplace.Gateway.Client;
using Marketplace.Gateway.Client.Events;
using Marketplace.Gateway.Client.Queries;
using Marketplace.Gateway.Filter;
using Marketplace.Gateway.Hosting;
using Marketplace.Gateway.Hosting.Access;
using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.Hosting.Problems;
using Marketplace.Gateway.Hosting.Requests;
using Marketplace.Gateway.Hosting.Settings;
using Marketplace.Gateway.Idempotency;
using Marketplace.Gateway.Mirror;
using Marketplace.Gateway.OpenApi;
using Marketplace.Gateway.ReadModels;
using Marketplace.Gateway.Shop;
using Marketplace.Gateway.Sink;
using Marketplace.Gateway.Telemetry;

try
{
    // Watching settings would mean watching their folder, and with it every write of the log under it.
    var builder = WebApplication.CreateBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
    var settings = GatewaySettings.Read(builder.Configuration);
    builder.AddLogging().AddListening().AddQuietMemory().AddAccess(settings).AddProblems().AddOpenApiDocument();
    await builder.AddEventLogAsync(settings);
    builder.AddTelemetry(settings.Telemetry, settings.DataPath).AddIdempotency().AddBanned().AddFilter(settings).AddSink(settings).AddReadModels(settings).AddAnalytics(settings).AddClientEvents(settings).AddClientQueries().AddMirror(settings).AddShop();

    var app = builder.Build();
    app.UseTelemetry();
    app.UseEventLogFailure();
    app.UseProblems();
    app.UseAccess();
    app.UseQueryRules();
    app.MapHealth();
    app.MapMetrics();
    app.MapShop();
    app.MapClient();
    app.MapBanned();
    app.MapAnalytics();
    app.MapMirror();
    app.MapOpenApiDocument();
    return await app.RunToExitCodeAsync();
}
catch (StartRefusedException refused)
{
    await Console.Error.WriteLineAsync(refused.Message);
    return StartRefusedException.ExitCode;
}
