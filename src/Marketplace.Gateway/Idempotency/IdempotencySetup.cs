using Marketplace.Gateway.Hosting.Health;

namespace Marketplace.Gateway.Idempotency;

public static class IdempotencySetup
{
    public static WebApplicationBuilder AddIdempotency(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IdempotencyKeys>();
        builder.Services.AddHostedService(s => s.GetRequiredService<IdempotencyKeys>());
        builder.Services.AddSingleton<IReadinessPart>(s => s.GetRequiredService<IdempotencyKeys>());
        builder.Services.AddSingleton<IdempotentWrites>();
        return builder;
    }
}
