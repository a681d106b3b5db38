using System.Text.Json;

namespace Marketplace.Gateway.Hosting.Requests;

/// <summary>An answer of 200 whose JSON is written from a state, without an object that only a serializer would see.</summary>
internal sealed class Json<T>(T state, Action<Utf8JsonWriter, T> write) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        JsonAnswer.Write(httpContext.Response, StatusCodes.Status200OK, state, write);
        return Task.CompletedTask;
    }
}
