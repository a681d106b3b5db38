using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Marketplace.Cli.Running;

namespace Marketplace.Cli.Gateway;

/// <summary>What the gateway answered.</summary>
/// <param name="RetryAfter">When it asked to be tried again.</param>
internal sealed record GatewayAnswer(int Status, string? MediaType, byte[] Body, TimeSpan? RetryAfter)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    private bool IsJson => MediaType is "application/json" or GatewayProblem.MediaType;

    /// <summary>The answer itself when it is a success.</summary>
    /// <exception cref="CommandFailure">It is a problem, or no gateway's answer.</exception>
    public GatewayAnswer Expect()
    {
        if (!IsSuccess)
        {
            throw Failure();
        }

        return Body.Length == 0 || IsJson ? this : throw NoGateway();
    }

    /// <exception cref="CommandFailure">It is a problem, or no gateway's answer.</exception>
    public T Read<T>(JsonTypeInfo<T> type)
    {
        try
        {
            return IsJson && JsonSerializer.Deserialize(Body, type) is { } value ? value : throw NoGateway();
        }
        catch (JsonException)
        {
            throw NoGateway();
        }
    }

    public CommandFailure Failure() => IsJson && Read(GatewayJson.Default.GatewayProblem) is var problem
        ? new(ExitCode.Of(Status), problem.ToString(), problem)
        : new(ExitCode.Of(Status), $"шлюз ответил {Status} без объяснений");

    private static CommandFailure NoGateway() => new(ExitCode.Failed, "по этому адресу отвечает не шлюз: ответ непонятен");
}
