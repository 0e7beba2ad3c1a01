using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Keyway.FirehoseServer;

/// <summary>Writes answers, and the faults of them.</summary>
internal static class Gateway
{
    /// <summary>Answers in place of the service, if the fault is one of calls that accept nothing.</summary>
    /// <returns>Whether it did.</returns>
    public static async Task<bool> AnswersAsync(Fault fault, HttpContext context)
    {
        switch (fault.Kind)
        {
            case FaultKind.Unavailable:
                throw new ServiceException("ServiceUnavailableException", "The service is unavailable. Back off and retry the operation.", 503);
            case FaultKind.Internal:
                throw new ServiceException("InternalFailure", "The request processing has failed because of an unknown error.", 500);
            case FaultKind.Throttle:
                throw new ServiceException("ThrottlingException", "Rate exceeded");
            case FaultKind.TooMany:
                context.Response.Headers.RetryAfter = fault.Value.ToString(CultureInfo.InvariantCulture);
                throw new ServiceException("LimitExceededException", "You have already reached the limit for a requested resource.", 429);
            case FaultKind.NotFound:
                throw new ServiceException("ResourceNotFoundException", "Firehose gone under account 123456789012 not found.");
            case FaultKind.Denied:
                throw new ServiceException("AccessDeniedException", "User: arn:aws:iam::123456789012:user/keyway is not authorized to perform: firehose:PutRecordBatch");
            case FaultKind.Expired:
                throw new ServiceException("ExpiredTokenException", "The security token included in the request is expired");
            case FaultKind.Html:
                await WriteAsync(context, 502, "text/html", "<html>\n<head><title>502 Bad Gateway</title></head>\n<body><h1>502 Bad Gateway</h1></body>\n</html>");
                return true;
            case FaultKind.Xml:
                await WriteAsync(context, 403, "application/xml", "<?xml version=\"1.0\"?>\n<ErrorResponse><Error><Code>AccessDenied</Code><Message>Access\nDenied</Message></Error></ErrorResponse>");
                return true;
            case FaultKind.Empty:
                await WriteAsync(context, 500, "text/plain", "");
                return true;
            default:
                return false;
        }
    }

    /// <summary>Sends the answer to an accepted call, or what the fault makes of it.</summary>
    public static async Task SendAsync(Fault fault, HttpContext context, JsonObject answer)
    {
        string text = answer.ToJsonString();
        switch (fault.Kind)
        {
            case FaultKind.ResetAfter:
                context.Abort();
                return;
            case FaultKind.Truncate:
                context.Response.ContentType = "application/x-amz-json-1.1";
                context.Response.ContentLength = text.Length;
                await context.Response.WriteAsync(text[..(text.Length / 2)]);
                await context.Response.Body.FlushAsync();
                context.Abort();
                return;
            case FaultKind.Garbage:
                await WriteAsync(context, 200, "text/html", "<html>Welcome to the hotel's network</html>");
                return;
            case FaultKind.Delay:
                // The fault is the wait: its length is the script's.
                await Task.Delay(TimeSpan.FromMilliseconds(fault.Value), context.RequestAborted);
                break;
        }

        await WriteAsync(context, 200, "application/x-amz-json-1.1", text);
    }

    /// <summary>Sends an error as the service does.</summary>
    public static Task SendAsync(HttpContext context, ServiceException error) => WriteAsync(
        context, error.Status, "application/x-amz-json-1.1", new JsonObject { ["__type"] = error.Code, ["message"] = error.Message }.ToJsonString());

    private static async Task WriteAsync(HttpContext context, int status, string type, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes);
    }
}
