#pragma once

#include "detect/proto/ber.hpp"
#include "detect/proto/ldap/names.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace cresset::detect::proto::ldap {

/// One message: its id, its operation and what rules look at in it. It keeps a copy of the
/// operation; all texts are of that copy. It can be moved, not copied.
class operation {
public:
  operation() = default;
  operation(operation&&) noexcept = default;
  operation& operator=(operation&&) noexcept = default;
  operation(const operation&) = delete;
  operation& operator=(const operation&) = delete;
  ~operation() = default;

  /// Nothing when the bytes are no LDAPMessage (RFC 4511 4.1.1). An operation whose inside is
  /// damaged is there, with is_damaged().
  static std::optional<operation> read(byte_view message);

  std::int64_t message_id() const noexcept { return message_id_; }
  ldap::kind kind() const noexcept { return kind_; }
  bool is_damaged() const noexcept { return is_damaged_; }
  /// Contents of the operation's element.
  byte_view content() const noexcept { return content_; }

  /// The entry it is about; of a result the matched DN.
  std::optional<std::string_view> dn() const noexcept { return dn_; }
  const std::vector<std::string_view>& attribute_types() const noexcept { return types_; }
  std::optional<std::uint32_t> result_code() const noexcept { return result_; }
  /// Diagnostic message of a result.
  std::optional<std::string_view> message() const noexcept { return message_; }
  /// Object identifier of an extended request.
  std::string_view extension() const noexcept { return extension_; }
  /// Message id an abandon request names.
  std::optional<std::int64_t> abandoned() const noexcept { return abandoned_; }
  /// A bind that hands over to a SASL mechanism.
  bool uses_sasl() const noexcept { return uses_sasl_; }

private:
  bool read_inside();
  bool read_bind(ber::reader in);
  bool read_search(ber::reader in);
  bool read_modify(ber::reader in);
  bool read_attributes(ber::reader in);
  bool read_compare(ber::reader in);
  bool read_result(ber::reader in);
  bool take_dn(ber::reader& in);

  std::int64_t message_id_ = 0;
  ldap::kind kind_{};
  bool is_damaged_ = false;
  bool uses_sasl_ = false;
  std::vector<std::byte> content_;
  std::optional<std::string_view> dn_, message_;
  std::vector<std::string_view> types_;
  std::optional<std::uint32_t> result_;
  std::optional<std::int64_t> abandoned_;
  std::string_view extension_;
};

} // namespace cresset::detect::proto::ldap
