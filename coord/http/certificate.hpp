#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace cresset::coord::http {

/// Where a server's certificate chain and private key lie, both PEM.
struct certificate_files {
  std::filesystem::path certificate;
  std::filesystem::path key;
};

/// `https.crt` and `https.key` in `state_folder`, made now if neither is there: a self-signed P-256
/// certificate, ten years, for `names` (host names and addresses), the key readable by its owner
/// alone. A key without its certificate (a crash in between) is made anew too. Throws
/// std::runtime_error with one clear line when a certificate has lost its key, or the folder cannot
/// be written.
certificate_files own_certificate(const std::filesystem::path& state_folder,
                                  const std::vector<std::string>& names);

/// "SHA-256 AB:CD:…" of the first certificate in the file, for people to compare. Throws
/// std::runtime_error.
std::string certificate_fingerprint(const std::filesystem::path& certificate);

} // namespace cresset::coord::http
