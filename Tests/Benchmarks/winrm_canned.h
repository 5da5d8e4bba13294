// What winrm_canned.c stands on: bytes, PSRP's messages, and HTTP with its logins and seals.
#define _GNU_SOURCE
#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define RSP "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
#define ADDRESSING "http://schemas.xmlsoap.org/ws/2004/08/addressing"

enum {
    SESSION_CAPABILITY = 0x10002,
    PRIVATE_DATA = 0x21009,
    POOL_STATE = 0x21005,
    PIPELINE_OUTPUT = 0x41004,
    PIPELINE_STATE = 0x41006
};
/// Codes of faults: nothing came in time, and there is no such shell.
#define IDLE 2150858793u
#define UNKNOWN 2150858843u
/// 100 bytes, again and again: what lines print.
#define LINE "  612   28   52340   71200   12.45  4120   1 explorer  Ready  C:/Windows/explorer.exe  Running  OK  "
/// As a real server cuts long output: objects of about 100 kB, in fragments of 32 KiB.
enum { OBJECT = 100000, FRAGMENT = 32768, FRAGMENT_HEAD = 21, PIECE = FRAGMENT - FRAGMENT_HEAD, PIECES = 4, START = 48 };

struct text {
    char *bytes;
    size_t length;
};

struct buffer {
    char *bytes;
    size_t length, capacity;
};

struct command {
    char id[37];
    unsigned char guid[16];
    long left, object;
    int holds, asks, done;
    struct command *next;
};

struct shell {
    char id[37];
    unsigned char pool[16];
    unsigned long last;
    int opened;
    struct command *commands;
    struct shell *next;
};

struct connection {
    int socket;
    SSL *tls;
    gss_ctx_id_t context;
    int is_in, is_sealed;
    /// The request: its head and its body in one, and where the body is.
    struct buffer input, output;
    size_t head, body;
    char protocol[80];
};

static int is(struct text text, const char *word) {
    return text.length == strlen(word) && memcmp(text.bytes, word, text.length) == 0;
}

static void touch(const char *folder, const char *name, const char *content) {
    char path[4096], fresh[4104];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *file = fopen(fresh, "w");
    fputs(content, file);
    fclose(file);
    rename(fresh, path);
}

static char *room(struct buffer *buffer, size_t count) {
    if (buffer->length + count > buffer->capacity) {
        buffer->capacity = (buffer->length + count) * 2;
        buffer->bytes = realloc(buffer->bytes, buffer->capacity);
    }
    return buffer->bytes + buffer->length;
}

static void append(struct buffer *buffer, const void *bytes, size_t count) {
    memcpy(room(buffer, count), bytes, count);
    buffer->length += count;
}

static void put(struct buffer *buffer, const char *format, ...) {
    va_list values;
    va_start(values, format);
    buffer->length += vsnprintf(room(buffer, 4096), 4096, format, values);
    va_end(values);
}

static size_t decode(unsigned char *out, const char *base64, size_t length) {
    int count = EVP_DecodeBlock(out, (const unsigned char *)base64, (int)(length / 4 * 4));
    return count < 0 ? 0 : count;
}

// MARK: PSRP

static size_t fragment_head(unsigned char *out, unsigned long object, unsigned long number, int flags, unsigned length) {
    for (int i = 0; i < 8; i++) out[i] = object >> (56 - 8 * i), out[8 + i] = number >> (56 - 8 * i);
    out[16] = flags;
    for (int i = 0; i < 4; i++) out[17 + i] = length >> (24 - 8 * i);
    return FRAGMENT_HEAD;
}

/// 43 bytes, the byte order mark of its body among them.
static size_t message_head(unsigned char *out, unsigned kind, const unsigned char *pool, const unsigned char *pipeline) {
    const unsigned char start[8] = {1, 0, 0, 0, kind, kind >> 8, kind >> 16, kind >> 24};
    memcpy(out, start, 8);
    memcpy(out + 8, pool, 16);
    memcpy(out + 24, pipeline, 16);
    memcpy(out + 40, "\xef\xbb\xbf", 3);
    return 43;
}

static void begin_stream(struct buffer *out) { put(out, "<rsp:Stream Name=\"stdout\">"); }

static void base64(struct buffer *out, const unsigned char *bytes, size_t length) {
    out->length += EVP_EncodeBlock((unsigned char *)room(out, length / 3 * 4 + 8), bytes, (int)length);
}

static void stream(struct buffer *out, const unsigned char *bytes, size_t length) {
    begin_stream(out);
    base64(out, bytes, length);
    put(out, "</rsp:Stream>");
}

/// The contents of the fragments of a whole object, as base64: all but the first START bytes are the same in each.
static struct buffer pieces[PIECES];
static size_t piece_lengths[PIECES];

static size_t string_message(unsigned char *out, const unsigned char *pool, const unsigned char *pipeline, long count) {
    size_t length = message_head(out, PIPELINE_OUTPUT, pool, pipeline);
    length += sprintf((char *)out + length, "<S>");
    for (long at = 0; at < count; at++) out[length++] = LINE[at % 100];
    return length + sprintf((char *)out + length, "</S>");
}

static void prepare_object(void) {
    static unsigned char message[OBJECT + 64], none[16];
    size_t length = string_message(message, none, none, OBJECT);
    for (int i = 0; i < PIECES; i++) {
        piece_lengths[i] = i < PIECES - 1 ? PIECE : length - (size_t)(PIECES - 1) * PIECE;
        base64(&pieces[i], message + (size_t)i * PIECE, piece_lengths[i]);
    }
}

/// A string of so many characters.
static void object(struct buffer *out, struct shell *shell, const unsigned char *pipeline, long count) {
    unsigned char head[FRAGMENT_HEAD], start[4096];
    unsigned long number = ++shell->last;
    if (count < OBJECT) {
        // The last of a long output, and short ones.
        unsigned char *message = malloc(count + 64);
        size_t length = string_message(message, shell->pool, pipeline, count);
        for (size_t at = 0, i = 0; at < length; at += PIECE, i++) {
            size_t piece = length - at < PIECE ? length - at : PIECE;
            unsigned char *whole = malloc(FRAGMENT);
            fragment_head(whole, number, i, (at == 0) | (at + piece == length ? 2 : 0), piece);
            memcpy(whole + FRAGMENT_HEAD, message + at, piece);
            stream(out, whole, FRAGMENT_HEAD + piece);
            free(whole);
        }
        free(message);
        return;
    }
    for (int i = 0; i < PIECES; i++) {
        fragment_head(head, number, i, (i == 0) | (i == PIECES - 1 ? 2 : 0), piece_lengths[i]);
        begin_stream(out);
        base64(out, head, FRAGMENT_HEAD);
        size_t own = 0;
        if (i == 0) {
            string_message(start, shell->pool, pipeline, 64);
            base64(out, start, START);
            own = START / 3 * 4;
        }
        append(out, pieces[i].bytes + own, pieces[i].length - own);
        put(out, "</rsp:Stream>");
    }
}

// MARK: HTTP

static long get(struct connection *connection, char *into, size_t count) {
    return connection->tls ? SSL_read(connection->tls, into, (int)count) : read(connection->socket, into, count);
}

static void send_all(struct connection *connection, const char *bytes, size_t count) {
    while (count > 0) {
        size_t part = count < 1 << 20 ? count : 1 << 20;
        long done = connection->tls ? SSL_write(connection->tls, bytes, (int)part) : send(connection->socket, bytes, part, 0);
        if (done <= 0) return;
        bytes += done, count -= done;
    }
}

/// A header's value; NULL where there is none.
static char *header(struct connection *connection, const char *name) {
    char *found = strcasestr(connection->input.bytes, name);
    return found ? found + strlen(name) : NULL;
}

static int read_request(struct connection *connection) {
    struct buffer *input = &connection->input;
    input->length = 0;
    char *end;
    while (1) {
        long count = get(connection, room(input, 65536), 65535);
        if (count <= 0) return 0;
        input->length += count;
        input->bytes[input->length] = 0;
        if ((end = strstr(input->bytes, "\r\n\r\n"))) break;
    }
    connection->head = end - input->bytes + 4;
    input->bytes[connection->head - 1] = 0;
    char *length = header(connection, "\r\nContent-Length:");
    connection->body = length ? strtoul(length, NULL, 10) : 0;
    while (input->length < connection->head + connection->body) {
        long count = get(connection, room(input, 65536), 65535);
        if (count <= 0) return 0;
        input->length += count;
    }
    return 1;
}

static void respond(struct connection *connection, int status, const char *headers, size_t length) {
    connection->output.length = 0;
    put(&connection->output, "HTTP/1.1 %d %s\r\n%sContent-Length: %zu\r\n\r\n", status,
        status == 200 ? "OK" : status == 401 ? "Unauthorized" : "Internal Server Error", headers, length);
}

/// Returns whether the request may pass; else it is answered.
static int log_in(struct connection *connection) {
    char *shown = header(connection, "\r\nAuthorization:"), headers[16384] = "";
    if (shown) shown += strspn(shown, " ");
    if (shown && strncasecmp(shown, "Basic ", 6) == 0) connection->is_in = 1, shown = NULL;
    if (!shown && connection->is_in && connection->body) return 1;
    int status = 401;
    if (shown) {
        char *word = strtok(shown, " "), *token = strtok(NULL, "\r");
        size_t length = token ? strlen(token) : 0;
        unsigned char *bytes = malloc(length + 4);
        size_t padding = 0;
        while (padding < 2 && length > padding && token[length - 1 - padding] == '=') padding++;
        gss_buffer_desc input = {decode(bytes, token ? token : "", length) - padding, bytes}, output = GSS_C_EMPTY_BUFFER;
        OM_uint32 minor, flags;
        if (connection->is_in) gss_delete_sec_context(&minor, &connection->context, NULL), connection->is_in = 0;
        OM_uint32 major = gss_accept_sec_context(&minor, &connection->context, GSS_C_NO_CREDENTIAL, &input,
            GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &output, &flags, NULL, NULL);
        free(bytes);
        connection->is_in = connection->is_sealed = major == GSS_S_COMPLETE;
        if (connection->is_in) status = 200;
        struct buffer base = {0};
        if (output.length) {
            base64(&base, output.value, output.length);
            snprintf(headers, sizeof headers, "WWW-Authenticate: %s %.*s\r\n", word, (int)base.length, base.bytes);
        } else if (!connection->is_in) snprintf(headers, sizeof headers, "WWW-Authenticate: Negotiate\r\n");
        free(base.bytes);
        gss_release_buffer(&minor, &output);
    } else
        snprintf(headers, sizeof headers, "WWW-Authenticate: %s\r\n",
            connection->tls ? "Basic realm=\"WSMAN\"" : "Negotiate\r\nWWW-Authenticate: Kerberos");
    respond(connection, status, headers, 0);
    send_all(connection, connection->output.bytes, connection->output.length);
    return 0;
}

/// The request's envelope in clear; empty where it cannot be opened.
static struct text opened(struct connection *connection) {
    struct text body = {connection->input.bytes + connection->head, connection->body};
    if (!connection->is_sealed) return body;
    char *word = header(connection, "protocol=\""), *mark = "application/octet-stream\r\n", *end = "--Encrypted Boundary--\r\n";
    snprintf(connection->protocol, sizeof connection->protocol, "%.*s", word ? (int)strcspn(word, "\"") : 0, word ? word : "");
    char *at = memmem(body.bytes, body.length, mark, strlen(mark));
    if (!at) return (struct text){NULL, 0};
    at += strlen(mark) + 4;
    gss_buffer_desc sealed = {body.bytes + body.length - strlen(end) - at, at}, plain = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;
    if (gss_unwrap(&minor, connection->context, &sealed, &plain, NULL, NULL) != GSS_S_COMPLETE) return (struct text){NULL, 0};
    memcpy(body.bytes, plain.value, plain.length);
    body.length = plain.length;
    gss_release_buffer(&minor, &plain);
    return body;
}

/// Seals an envelope as WinRM has it: Kerberos's by the mechanism, NTLM's behind its signature.
static void seal(struct connection *connection, struct buffer *envelope, struct buffer *out) {
    OM_uint32 minor;
    int is_sealed;
    size_t plain = envelope->length;
    gss_iov_buffer_desc parts[3] = {
        {GSS_IOV_BUFFER_TYPE_HEADER | GSS_IOV_BUFFER_FLAG_ALLOCATE, GSS_C_EMPTY_BUFFER},
        {GSS_IOV_BUFFER_TYPE_DATA, {plain, envelope->bytes}},
        {GSS_IOV_BUFFER_TYPE_PADDING | GSS_IOV_BUFFER_FLAG_ALLOCATE, GSS_C_EMPTY_BUFFER}};
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER, first, data;
    if (gss_wrap_iov(&minor, connection->context, 1, GSS_C_QOP_DEFAULT, &is_sealed, parts, 3) == GSS_S_COMPLETE) {
        first = parts[0].buffer, data = parts[1].buffer;
        plain += parts[2].buffer.length;
    } else {
        gss_buffer_desc clear = {plain, envelope->bytes};
        gss_wrap(&minor, connection->context, 1, GSS_C_QOP_DEFAULT, &clear, &is_sealed, &token);
        first = (gss_buffer_desc){16, token.value};
        data = (gss_buffer_desc){token.length - 16, (char *)token.value + 16};
    }
    put(out, "--Encrypted Boundary\r\n\tContent-Type: %s\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=%zu\r\n"
        "--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n", connection->protocol, plain);
    const unsigned char count[4] = {first.length, first.length >> 8, 0, 0};
    append(out, count, 4);
    append(out, first.value, first.length);
    append(out, data.value, data.length);
    append(out, parts[2].buffer.value, parts[2].buffer.length);
    put(out, "--Encrypted Boundary--\r\n");
    gss_release_buffer(&minor, &token);
    gss_release_iov_buffer(&minor, parts, 3);
}

static void answer(struct connection *connection, int status, struct buffer *envelope) {
    static __thread struct buffer sealed;
    char headers[512];
    struct buffer *body = envelope;
    if (connection->is_sealed) {
        sealed.length = 0;
        seal(connection, envelope, body = &sealed);
        snprintf(headers, sizeof headers,
            "Content-Type: multipart/encrypted;protocol=\"%s\";boundary=\"Encrypted Boundary\"\r\n", connection->protocol);
    } else
        snprintf(headers, sizeof headers, "Content-Type: application/soap+xml;charset=UTF-8\r\n");
    respond(connection, status, headers, body->length);
    append(&connection->output, body->bytes, body->length);
    send_all(connection, connection->output.bytes, connection->output.length);
}

static void end_connection(struct connection *connection) {
    OM_uint32 minor;
    if (connection->context) gss_delete_sec_context(&minor, &connection->context, NULL);
    if (connection->tls) SSL_free(connection->tls);
    close(connection->socket);
    free(connection->input.bytes);
    free(connection->output.bytes);
}
