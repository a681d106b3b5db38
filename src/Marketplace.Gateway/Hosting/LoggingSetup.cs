using Microsoft.Extensions.Configuration.Memory;

namespace Marketplace.Gateway.Hosting;

/// <summary>What is logged unless the settings (<c>Logging</c>) say otherwise: one line an event, none for each request.</summary>
public static class LoggingSetup
{
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",

        // What it says of a part that failed, Running says in one line.
        ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "None",
        ["Logging:Console:FormatterName"] = "simple",
        ["Logging:Console:FormatterOptions:SingleLine"] = "true",
        ["Logging:Console:FormatterOptions:TimestampFormat"] = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ",
        ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true",
    };

    public static WebApplicationBuilder AddLogging(this WebApplicationBuilder builder)
    {
        // In front of all other sources, so that any of them wins.
        ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });
        return builder;
    }
}
