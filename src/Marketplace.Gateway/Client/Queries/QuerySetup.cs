namespace Marketplace.Gateway.Client.Queries;

public static class QuerySetup
{
    public static WebApplicationBuilder AddClientQueries(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<QueryLog>();
        builder.Services.AddHostedService(s => s.GetRequiredService<QueryLog>());
        return builder;
    }
}
