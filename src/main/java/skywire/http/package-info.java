/**
 * HTTP/1.1 over any link, a thin skin on HttpComponents' codec; and the guard of local HTTP.
 *
 * <p>Read {@link skywire.http.HttpClient} and {@link skywire.http.HttpServer} first. Bodies are byte arrays within a
 * limit; there is no streaming, no redirect is followed and nothing is decompressed.
 */
package skywire.http;
