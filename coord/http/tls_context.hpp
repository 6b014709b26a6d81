#pragma once

#include "coord/http/certificate.hpp"

#include <boost/asio/ssl/context.hpp>

namespace cresset::coord::http {

/// TLS 1.2 or later with forward secrecy, for a server with this certificate. For server.cpp only.
/// Throws std::runtime_error with one clear line that names the file which cannot be used.
boost::asio::ssl::context make_tls_context(const certificate_files& files);

} // namespace cresset::coord::http
