#include "coord/http/certificate.hpp"

#include "capture/base/ip_address.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

namespace cresset::coord::http {

namespace {

template <auto Free>
struct freed_by {
  template <typename T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using bio = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using private_key = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate = std::unique_ptr<X509, freed_by<X509_free>>;
using extension = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;

constexpr long validity_seconds = 10L * 365 * 24 * 3600;

void require(bool worked, std::string_view what) {
  if (!worked)
    throw std::runtime_error{fmt::format("http: the certificate could not be made: {}", what)};
}

void add_extension(X509* to, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, to, to, nullptr, nullptr, 0);
  const extension made{X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
  require(made && X509_add_ext(to, made.get(), -1) == 1, value);
}

std::string alternative_names(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names)
    text +=
        (text.empty() ? "" : ",") + std::string{ip_address::parse(name) ? "IP:" : "DNS:"} + name;
  return text;
}

certificate self_signed(EVP_PKEY* key, const std::vector<std::string>& names) {
  certificate made{X509_new()};
  require(made != nullptr && X509_set_version(made.get(), X509_VERSION_3) == 1, "version");
  std::uint64_t serial = 0;
  require(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1,
          "random number");
  require(ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), serial >> 1) == 1,
          "serial number");
  // An hour back: the clocks of those who connect may be behind ours.
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), validity_seconds);
  X509_NAME* const subject = X509_get_subject_name(made.get());
  const auto* const common = reinterpret_cast<const unsigned char*>("cresset-coord");
  require(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, common, -1, -1, 0) == 1, "name");
  require(X509_set_issuer_name(made.get(), subject) == 1, "issuer");
  require(X509_set_pubkey(made.get(), key) == 1, "public key");
  add_extension(made.get(), NID_basic_constraints, "critical,CA:FALSE");
  add_extension(made.get(), NID_key_usage, "critical,digitalSignature");
  add_extension(made.get(), NID_ext_key_usage, "serverAuth");
  add_extension(made.get(), NID_subject_key_identifier, "hash");
  if (!names.empty())
    add_extension(made.get(), NID_subject_alt_name, alternative_names(names));
  require(X509_sign(made.get(), key, EVP_sha256()) > 0, "signature");
  return made;
}

std::string text_of(BIO* from) {
  char* start = nullptr;
  const long size = BIO_get_mem_data(from, &start);
  return {start, static_cast<std::size_t>(size)};
}

/// Whole or not at all, and never readable by others, not even for a moment: a new file, synced,
/// then renamed.
void write_file(const std::filesystem::path& path, const std::string& text, mode_t mode) {
  auto temporary = path;
  temporary += ".new";
  ::unlink(temporary.c_str());
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  bool worked = fd >= 0;
  worked = worked && ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  worked = worked && ::fsync(fd) == 0;
  const int why = errno;
  if (fd >= 0)
    ::close(fd);
  if (!worked || ::rename(temporary.c_str(), path.c_str()) != 0)
    throw std::runtime_error{fmt::format("http: cannot write {}: {}", path.string(),
                                         std::strerror(worked ? errno : why))};
}

} // namespace

certificate_files own_certificate(const std::filesystem::path& state_folder,
                                  const std::vector<std::string>& names) {
  certificate_files files{state_folder / "https.crt", state_folder / "https.key"};
  std::error_code ignored;
  const bool has_certificate = std::filesystem::exists(files.certificate, ignored);
  const bool has_key = std::filesystem::exists(files.key, ignored);
  if (has_certificate && has_key)
    return files;
  // The key goes first, so a certificate without its key means that somebody took the key away.
  if (has_certificate)
    throw std::runtime_error{
        fmt::format("http: {} is there but {} is not; put the key back, or remove the "
                    "certificate to have both made anew",
                    files.certificate.string(), files.key.string())};
  const private_key key{EVP_EC_gen("P-256")};
  require(key != nullptr, "P-256 key");
  const auto made = self_signed(key.get(), names);
  const bio key_text{BIO_new(BIO_s_mem())};
  require(PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                   nullptr) == 1,
          "key file");
  const bio certificate_text{BIO_new(BIO_s_mem())};
  require(PEM_write_bio_X509(certificate_text.get(), made.get()) == 1, "certificate file");
  write_file(files.key, text_of(key_text.get()), 0600);
  write_file(files.certificate, text_of(certificate_text.get()), 0644);
  return files;
}

std::string certificate_fingerprint(const std::filesystem::path& path) {
  const bio file{BIO_new_file(path.c_str(), "r")};
  const certificate read{file ? PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr) : nullptr};
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (!read || X509_digest(read.get(), EVP_sha256(), digest, &size) != 1)
    throw std::runtime_error{fmt::format("http: {} holds no certificate in PEM", path.string())};
  std::string text = "SHA-256 ";
  for (unsigned i = 0; i < size; ++i)
    text += fmt::format("{}{:02X}", i == 0 ? "" : ":", digest[i]);
  return text;
}

} // namespace cresset::coord::http
