using System.Diagnostics.Metrics;
using Marketplace.EventLog;
using Marketplace.EventLog.Embedded;
using Marketplace.EventLog.Embedded.Storage;
using Marketplace.EventLog.Kafka;
using Marketplace.Gateway.Hosting.Kafka;
using Marketplace.Gateway.Hosting.Settings;
using Marketplace.Gateway.ReadModels;
using Marketplace.Gateway.Telemetry;
using Marketplace.Gateway.Topics;

namespace Marketplace.Gateway.Hosting;

/// <summary>Opens the event log and makes its topics before anything else starts.</summary>
public static class EventLogSetup
{
    private const string Folder = "log";

    /// <exception cref="StartRefusedException">The log cannot be opened; the message says why.</exception>
    public static async Task AddEventLogAsync(this WebApplicationBuilder builder, GatewaySettings settings)
    {
        var time = TimeProvider.System;
        using var logging = LoggerFactory.Create(logging => logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddConsole());
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(new TopicSettings(settings.Partitions));
        builder.Services.AddSingleton<EventLogFailure>();
        builder.Services.AddSingleton<TopicReading>();
        try
        {
            // The read models' snapshots are in the folder, whatever the engine, and two gateways would write over each other's.
            Directory.CreateDirectory(settings.DataPath);
            var folder = FolderLock.Acquire(settings.DataPath);
            builder.Services.AddSingleton(_ => folder);
            if (settings.Kafka is { } kafka)
            {
                await builder.AddKafkaAsync(settings, kafka, time, logging.CreateLogger<KafkaEventLog>());
                return;
            }

            var log = await EmbeddedEventLog.OpenAsync(
                new EmbeddedLogOptions { Path = Path.Combine(settings.DataPath, Folder) }, time, logging.CreateLogger<EmbeddedEventLog>(), CancellationToken.None);
            await log.EnsureTopicsAsync(TopicCatalog.For(settings.Partitions, settings.ClientRetention), CancellationToken.None);

            builder.Services.AddSingleton(await ModelPositions.EndsOfAsync(log, CancellationToken.None));

            // By a factory, so that the container closes the log when the host has stopped.
            builder.Services.AddSingleton<EmbeddedEventLog>(_ => log);
            builder.Services.AddSingleton<IEventLog>(services => Metered(services, services.GetRequiredService<EmbeddedEventLog>()));
        }
        catch (TopicMismatchException e)
        {
            throw new StartRefusedException($"{e.Message} The setting 'EventLog:Partitions' has to be what the log in '{settings.DataPath}' was made with.");
        }
        catch (EventLogException e)
        {
            throw new StartRefusedException(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The setting 'Data:Path' is '{settings.DataPath}', which cannot be used: it has to be a folder that this user may write ({e.Message}).");
        }
    }

    private static async Task AddKafkaAsync(this WebApplicationBuilder builder, GatewaySettings settings, KafkaSettings kafka, TimeProvider time, ILogger<KafkaEventLog> logger)
    {
        var (log, ends) = await KafkaSetup.OpenAsync(settings, kafka, time, logger);
        builder.Services.AddSingleton(services => Metered(services, log));
        builder.Services.AddSingleton(ends);
    }

    private static IEventLog Metered(IServiceProvider services, IEventLog log)
    {
        // Made first, so that the container lets go of it last.
        services.GetRequiredService<FolderLock>();
        return new MeteredEventLog(log, services.GetRequiredService<IMeterFactory>(), services.GetRequiredService<AppendHealth>());
    }

    /// <summary>A log that fails for good stops the host. A cluster does not: it is waited for.</summary>
    public static void UseEventLogFailure(this WebApplication app)
    {
        var failure = app.Services.GetRequiredService<EventLogFailure>();
        app.Services.GetService<EmbeddedEventLog>()?.Failed.ContinueWith(done => failure.Report(done.Result), TaskContinuationOptions.OnlyOnRanToCompletion);
    }
}
