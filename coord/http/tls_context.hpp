#pragma once

#include "coord/http/certificate.hpp"
#include "coord/http/request.hpp"

#include <boost/asio/ssl/context.hpp>

#include <optional>

namespace cresset::coord::http {

/// TLS 1.2 or later with forward secrecy, for a server with this certificate. For server.cpp only.
/// Throws std::runtime_error with one clear line that names the file which cannot be used.
boost::asio::ssl::context make_tls_context(const certificate_files& files);

/// Lets clients show a certificate under the authorities in `authority` (PEM) and under no other;
/// with `is_required` a handshake without one fails. Throws std::runtime_error with one clear line.
void ask_for_certificates(boost::asio::ssl::context& context,
                          const std::filesystem::path& authority, bool is_required);

/// The certificate that was shown and verified in the handshake; nothing when none was.
std::optional<peer_certificate> shown_certificate(SSL* of);

} // namespace cresset::coord::http
