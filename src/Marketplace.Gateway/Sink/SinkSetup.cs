using Marketplace.Gateway.Hosting.Health;
using Marketplace.Gateway.Hosting.Settings;

namespace Marketplace.Gateway.Sink;

public static class SinkSetup
{
    private const string FileName = "filtered-products.txt";

    public static WebApplicationBuilder AddSink(this WebApplicationBuilder builder, GatewaySettings settings)
    {
        if (settings.SinkEnabled)
        {
            builder.Services.AddSingleton(new SinkSettings(Path.Combine(settings.DataPath, FileName)));
            builder.Services.AddSingleton<FileSinkService>();
            builder.Services.AddHostedService(s => s.GetRequiredService<FileSinkService>());
            builder.Services.AddSingleton<IReadinessPart>(s => s.GetRequiredService<FileSinkService>());
        }

        return builder;
    }
}
