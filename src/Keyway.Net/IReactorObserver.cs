namespace Keyway.Net;

/// <summary>Hears of what should never happen, so that it is logged and counted. Called on the reactor's thread.</summary>
public interface IReactorObserver
{
    /// <summary>A handler, a timer or a posted action threw; a handler's connection was closed, and the reactor goes on.</summary>
    void OnFault(Exception exception);

    /// <summary>A listener cannot accept for want of descriptors or memory; it tries again shortly.</summary>
    void OnAcceptStalled(string address);
}
