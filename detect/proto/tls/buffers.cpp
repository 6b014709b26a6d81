// The buffers and numbers of TLS in the words of the rule language, in the order of buffer_index
// and field_index.
#include "detect/proto/tls/parser.hpp"

#include <array>

namespace cresset::detect::proto::tls {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;
constexpr auto client_hello_seen = static_cast<progress>(client_progress::hello);
constexpr auto client_certificate_seen = static_cast<progress>(client_progress::certificate);
constexpr auto server_hello_seen = static_cast<progress>(server_progress::hello);
constexpr auto server_certificate_seen = static_cast<progress>(server_progress::certificate);

constexpr std::array buffers{
    buffer_description{"tls.sni", ts, client_hello_seen},
    buffer_description{"tls.certs", ts, client_certificate_seen, true},
    buffer_description{"tls.certs", tc, server_certificate_seen, true},
    buffer_description{"tls.cert_subject", ts, client_certificate_seen},
    buffer_description{"tls.cert_subject", tc, server_certificate_seen},
    buffer_description{"tls.cert_issuer", ts, client_certificate_seen},
    buffer_description{"tls.cert_issuer", tc, server_certificate_seen},
    buffer_description{"tls.cert_serial", ts, client_certificate_seen},
    buffer_description{"tls.cert_serial", tc, server_certificate_seen},
    buffer_description{"tls.cert_fingerprint", ts, client_certificate_seen},
    buffer_description{"tls.cert_fingerprint", tc, server_certificate_seen},
    buffer_description{"tls.subjectaltname", ts, client_certificate_seen, true},
    buffer_description{"tls.subjectaltname", tc, server_certificate_seen, true},
    buffer_description{"tls.alpn", ts, client_hello_seen, true},
    buffer_description{"tls.alpn", tc, server_hello_seen, true},
    buffer_description{"tls.random", ts, client_hello_seen},
    buffer_description{"tls.random", tc, server_hello_seen},
    buffer_description{"tls.random_time", ts, client_hello_seen},
    buffer_description{"tls.random_time", tc, server_hello_seen},
    buffer_description{"tls.random_bytes", ts, client_hello_seen},
    buffer_description{"tls.random_bytes", tc, server_hello_seen},
    buffer_description{"ja3.hash", ts, client_hello_seen},
    buffer_description{"ja3.string", ts, client_hello_seen},
    buffer_description{"ja3s.hash", tc, server_hello_seen},
    buffer_description{"ja3s.string", tc, server_hello_seen},
    buffer_description{"ja4.hash", ts, client_hello_seen},
};
static_assert(buffers.size() == static_cast<std::size_t>(buffer_index::ja4_hash) + 1);

constexpr std::array fields{
    field_description{"tls.version", ts, client_hello_seen},
    field_description{"tls.version", tc, server_hello_seen},
    field_description{"tls.cert_chain_len", ts, client_certificate_seen},
    field_description{"tls.cert_chain_len", tc, server_certificate_seen},
    field_description{"tls.cert_notbefore", ts, client_certificate_seen},
    field_description{"tls.cert_notbefore", tc, server_certificate_seen},
    field_description{"tls.cert_notafter", ts, client_certificate_seen},
    field_description{"tls.cert_notafter", tc, server_certificate_seen},
    field_description{"ssl_state", ts, progress_done}, // grows with every message
    field_description{"ssl_state", tc, progress_done},
    field_description{"ssl_version", ts, client_hello_seen},
    field_description{"ssl_version", tc, server_hello_seen},
    field_description{"tls_cert_notbefore", ts, client_certificate_seen},
    field_description{"tls_cert_notbefore", tc, server_certificate_seen},
    field_description{"tls_cert_notafter", ts, client_certificate_seen},
    field_description{"tls_cert_notafter", tc, server_certificate_seen},
};
static_assert(fields.size() == static_cast<std::size_t>(field_index::cert_notafter_tc) + 1);

constexpr std::array<std::string_view, 5> frame_types{"pdu", "hdr", "data", "alert_pdu", "hb_pdu"};

} // namespace

constinit const protocol_description description{"tls", buffers, fields, frame_types};

} // namespace cresset::detect::proto::tls
