// A WinRM service for benchmarks, whose own work is small beside its clients': shells that answer with canned output, over
// Basic, or what this machine's GSSAPI accepts, with TLS or without. A thread serves each connection.
//
// usage: winrm_canned FOLDER SIZE HOLDERS [PEM]
// Listens on all addresses: for a network of its own. Writes its port into FOLDER/port, and into FOLDER/log, a line each,
// with seconds of the monotonic clock: `accept` of a connection, `open` as it answers that a pool is open, and `output` as
// it answers with a pipeline's output. A line that says `long-output` is answered with SIZE bytes in long strings, one that
// says `many-lines` with as many in strings of 100. One that says `hold` is not answered until SIGUSR1: once HOLDERS of them
// wait, there is FOLDER/held. The question for `$?`, `$LASTEXITCODE` and the
// prompt is answered as PowerShell does where all is well. Basic takes whatever name and password. Ends with its parent.
#include "winrm_canned.h"

static const char *folder;
static long size;
static int holders, held, released;
static FILE *journal;
static SSL_CTX *tls;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct shell *shells;

static void note(const char *what) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    fprintf(journal, "%s %ld.%06ld\n", what, now.tv_sec, now.tv_nsec / 1000);
}

// MARK: Shells; with the lock held.

/// The text of the first element of a name that ends so, or of an attribute; empty where there is none.
static struct text between(struct text in, const char *start, char end) {
    struct text out = {NULL, 0};
    char *at = memmem(in.bytes, in.length, start, strlen(start));
    if (!at) return out;
    at += strlen(start);
    if (end == '<' && !(at = memchr(at, '>', in.bytes + in.length - at))) return out;
    if (end == '<') at++;
    char *stop = memchr(at, end, in.bytes + in.length - at);
    if (stop) out = (struct text){at, stop - at};
    return out;
}

/// A GUID's text as PSRP writes its bytes.
static void guid_bytes(struct text text, unsigned char out[16]) {
    static const int place[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    int count = 0;
    for (size_t i = 0; i + 1 < text.length && count < 16; i++) {
        if (text.bytes[i] == '-') continue;
        unsigned byte = 0;
        sscanf(text.bytes + i++, "%2x", &byte);
        out[place[count++]] = byte;
    }
}

static struct shell *find_shell(struct text id) {
    for (struct shell *one = shells; one; one = one->next)
        if (id.length == 36 && strncasecmp(one->id, id.bytes, 36) == 0) return one;
    return NULL;
}

static struct command *find_command(struct shell *shell, struct text id) {
    for (struct command *one = shell->commands; one; one = one->next)
        if (id.length == 36 && strncasecmp(one->id, id.bytes, 36) == 0) return one;
    return NULL;
}

static void free_command(struct shell *shell, struct command *gone) {
    for (struct command **place = &shell->commands; *place; place = &(*place)->next)
        if (*place == gone) {
            *place = gone->next;
            free(gone);
            return;
        }
}

/// One message in one fragment, as a Stream of base64.
static void say(struct buffer *out, struct shell *shell, const unsigned char *pipeline, unsigned kind, const char *body) {
    unsigned char raw[1024];
    size_t length = fragment_head(raw, ++shell->last, 0, 3, 43 + strlen(body));
    length += message_head(raw + length, kind, shell->pool, pipeline);
    memcpy(raw + length, body, strlen(body));
    stream(out, raw, length + strlen(body));
}

/// What of a pipeline's output an envelope has room for.
static void receive(struct buffer *out, struct shell *shell, struct command *command, size_t room) {
    size_t end = out->length + room;
    if (command->asks) {
        say(out, shell, command->guid, PIPELINE_OUTPUT, "<B>true</B>");
        say(out, shell, command->guid, PIPELINE_OUTPUT, "<S></S>");
        say(out, shell, command->guid, PIPELINE_OUTPUT, "<S>PS C:\\&gt; </S>");
        command->left = 0;
    }
    do {
        if (command->left <= 0) {
            say(out, shell, command->guid, PIPELINE_STATE, "<Obj RefId=\"0\"><MS><I32 N=\"PipelineState\">4</I32></MS></Obj>");
            command->done = 1;
            return;
        }
        long count = command->left < command->object ? command->left : command->object;
        command->left -= count;
        object(out, shell, command->guid, count);
    } while (out->length + command->object / 3 * 4 + 4096 < end);
}

/// The body of a fault, 500.
static int fault(struct buffer *out, unsigned code) {
    put(out,
        "<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:TimedOut</s:Value></s:Subcode></s:Code><s:Reason>"
        "<s:Text xml:lang=\"en-US\">No.</s:Text></s:Reason><s:Detail><f:WSManFault xmlns:f=\"http://schemas.microsoft.com/wbem/"
        "wsman/1/wsmanfault\" Code=\"%u\" Machine=\"peer\"><f:Message>No.</f:Message></f:WSManFault></s:Detail></s:Fault>",
        code);
    return 500;
}

static int create(struct buffer *out, struct text body) {
    static unsigned number;
    struct shell *shell = calloc(1, sizeof *shell);
    struct text id = between(body, "ShellId=\"", '"'), xml = between(body, "creationXml", '<');
    if (id.length == 36) memcpy(shell->id, id.bytes, 36);
    else sprintf(shell->id, "%08X-0000-4000-8000-000000000000", ++number);
    unsigned char start[48];
    decode(start, xml.bytes, 64);
    memcpy(shell->pool, start + 29, 16);
    shell->next = shells;
    shells = shell;
    put(out,
        "<x:ResourceCreated><a:Address>http://127.0.0.1/wsman</a:Address><a:ReferenceParameters><w:ResourceURI>"
        "http://schemas.microsoft.com/powershell/Microsoft.PowerShell</w:ResourceURI><w:SelectorSet><w:Selector Name=\"ShellId\">"
        "%s</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated><rsp:Shell><rsp:ShellId>%s</rsp:ShellId>"
        "<rsp:State>Connected</rsp:State></rsp:Shell>",
        shell->id, shell->id);
    return 200;
}

static void make_command(struct buffer *out, struct shell *shell, struct text id, struct text body) {
    struct command *command = calloc(1, sizeof *command);
    memcpy(command->id, id.bytes, 36);
    guid_bytes(id, command->guid);
    struct text base64 = between(body, "Arguments", '<');
    unsigned char *plain = malloc(base64.length + 4);
    size_t length = decode(plain, base64.bytes, base64.length);
    // What a client asks for itself is short.
    int lines = memmem(plain, length, "many-lines", 10) != NULL;
    command->left = lines || memmem(plain, length, "long-output", 11) ? size : 100;
    command->object = lines ? 100 : OBJECT;
    command->holds = memmem(plain, length, ">hold<", 6) != NULL;
    command->asks = memmem(plain, length, "LASTEXITCODE", 12) != NULL;
    free(plain);
    command->next = shell->commands;
    shell->commands = command;
    put(out, "<rsp:CommandResponse><rsp:CommandId>%s</rsp:CommandId></rsp:CommandResponse>", command->id);
}

/// Waits until there is something to say, or a minute; with the lock held, as all of it.
static int wait_for(struct timespec *until) { return pthread_cond_timedwait(&changed, &lock, until); }

static int receive_any(struct buffer *out, struct text shell_id, struct text command_id, size_t room) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 60;
    struct shell *shell;
    struct command *command = NULL;
    int counted = 0;
    while (1) {
        if (!(shell = find_shell(shell_id))) return fault(out, UNKNOWN);
        if (command_id.length && !(command = find_command(shell, command_id))) return fault(out, UNKNOWN);
        if (command ? !command->done && (!command->holds || released) : !shell->opened) break;
        if (command && command->holds && !command->done && !counted++ && ++held == holders) touch(folder, "held", "");
        if (wait_for(&until) != 0) return fault(out, IDLE);
    }
    put(out, "<rsp:ReceiveResponse>");
    if (command) {
        note("output");
        receive(out, shell, command, room);
        put(out, "<rsp:CommandState CommandId=\"%s\" State=\"" RSP "/CommandState/%s\">%s</rsp:CommandState>", command->id,
            command->done ? "Done" : "Running", command->done ? "<rsp:ExitCode>0</rsp:ExitCode>" : "");
    } else {
        static const unsigned char none[16];
        say(out, shell, none, SESSION_CAPABILITY,
            "<Obj RefId=\"0\"><MS><Version N=\"protocolversion\">2.3</Version><Version N=\"PSVersion\">2.0</Version>"
            "<Version N=\"SerializationVersion\">1.1.0.1</Version></MS></Obj>");
        say(out, shell, none, PRIVATE_DATA, "<Obj RefId=\"0\"><MS><Nil N=\"ApplicationPrivateData\"/></MS></Obj>");
        say(out, shell, none, POOL_STATE, "<Obj RefId=\"0\"><MS><I32 N=\"RunspaceState\">2</I32></MS></Obj>");
        shell->opened = 1;
        note("open");
    }
    put(out, "</rsp:ReceiveResponse>");
    return 200;
}

/// Does an operation.
/// Returns the status of its answer, whose body is written.
static int operate(struct buffer *out, struct text body) {
    struct text action = between(body, "Action", '<'), shell_id = between(body, "Name=\"ShellId\"", '<');
    struct text message = between(body, "MessageID", '<'), command_id = between(body, "CommandId=\"", '"');
    while (action.length && memchr(action.bytes, '/', action.length)) action.bytes++, action.length--;
    struct text largest = between(body, "MaxEnvelopeSize", '<');
    size_t room = largest.length ? strtoul(largest.bytes, NULL, 10) - 4096 : 140000;
    put(out,
        "<s:Envelope xml:lang=\"en-US\" xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" xmlns:a=\"" ADDRESSING
        "\" xmlns:wsa=\"" ADDRESSING "\" xmlns:x=\"http://schemas.xmlsoap.org/ws/2004/09/transfer\" "
        "xmlns:w=\"http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd\" xmlns:rsp=\"" RSP "\"><s:Header><a:Action>" RSP
        "/Response</a:Action><a:MessageID>uuid:00000000-0000-4000-8000-000000000000</a:MessageID><a:To>" ADDRESSING
        "/role/anonymous</a:To><a:RelatesTo>%.*s</a:RelatesTo></s:Header><s:Body>",
        (int)message.length, message.bytes);
    int status = 200;
    pthread_mutex_lock(&lock);
    struct shell *shell = find_shell(shell_id);
    if (is(action, "Create")) status = create(out, body);
    else if (!shell) status = fault(out, UNKNOWN);
    else if (is(action, "Command")) make_command(out, shell, command_id, body);
    else if (is(action, "Receive")) status = receive_any(out, shell_id, command_id, room);
    else if (is(action, "Signal")) {
        struct command *command = find_command(shell, command_id);
        if (command) free_command(shell, command);
        put(out, "<rsp:SignalResponse/>");
    } else if (is(action, "Delete")) {
        while (shell->commands) free_command(shell, shell->commands);
        for (struct shell **place = &shells; *place; place = &(*place)->next)
            if (*place == shell) {
                *place = shell->next;
                free(shell);
                break;
            }
        pthread_cond_broadcast(&changed);
    } else put(out, "<rsp:SendResponse/>");
    pthread_mutex_unlock(&lock);
    put(out, "</s:Body></s:Envelope>");
    return status;
}

// MARK: Connections

static void *serve(void *socket) {
    struct connection connection = {.socket = (int)(long)socket};
    struct buffer envelope = {0};
    if (!tls || (connection.tls = SSL_new(tls), SSL_set_fd(connection.tls, connection.socket), SSL_accept(connection.tls) == 1))
        while (read_request(&connection)) {
            if (!log_in(&connection)) continue;
            struct text body = opened(&connection);
            envelope.length = 0;
            if (body.length) answer(&connection, operate(&envelope, body), &envelope);
        }
    end_connection(&connection);
    free(envelope.bytes);
    return NULL;
}

static void *wait_for_release(void *signals) {
    int number;
    while (sigwait(signals, &number) == 0) {
        pthread_mutex_lock(&lock);
        released = 1;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

int main(int count, char **words) {
    if (count < 4) return 2;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    folder = words[1], size = atol(words[2]), holders = atoi(words[3]);
    signal(SIGPIPE, SIG_IGN);
    static sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    pthread_t thread;
    pthread_create(&thread, NULL, wait_for_release, &signals);
    char path[4096];
    snprintf(path, sizeof path, "%s/log", folder);
    journal = fopen(path, "w");
    setvbuf(journal, NULL, _IOLBF, 0);
    prepare_object();
    if (count > 4) {
        tls = SSL_CTX_new(TLS_server_method());
        if (SSL_CTX_use_certificate_chain_file(tls, words[4]) != 1) return 1;
        if (SSL_CTX_use_PrivateKey_file(tls, words[4], SSL_FILETYPE_PEM) != 1) return 1;
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (bind(listener, (void *)&address, length) != 0 || listen(listener, 4096) != 0) return 1;
    getsockname(listener, (void *)&address, &length);
    char port[16];
    snprintf(port, sizeof port, "%d", ntohs(address.sin_port));
    touch(folder, "port", port);
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 1 << 18);
    pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
    while (1) {
        int socket = accept(listener, NULL, NULL);
        if (socket < 0) continue;
        note("accept");
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        pthread_create(&thread, &small, serve, (void *)(long)socket);
    }
}
