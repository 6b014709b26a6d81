#include "detect/proto/ike/names.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace cresset::detect::proto::ike {
namespace {

struct named {
  std::uint64_t value;
  std::string_view name;
};
using table = std::span<const named>;

constexpr named enc_1[]{{1, "EncDesCbc"},       {2, "EncIdeaCbc"},      {3, "EncBlowfishCbc"},
                        {4, "EncRc5R16B64Cbc"}, {5, "EncTripleDesCbc"}, {6, "EncCastCbc"},
                        {7, "EncAesCbc"},       {8, "EncCamelliaCbc"}};
constexpr named hash_1[]{{1, "HashMd5"},      {2, "HashSha"},      {3, "HashTiger"},
                         {4, "HashSha2_256"}, {5, "HashSha2_384"}, {6, "HashSha2_512"}};
constexpr named auth_1[]{{1, "AuthPreSharedKey"},
                         {2, "AuthDssSignatures"},
                         {3, "AuthRsaSignatures"},
                         {4, "AuthEncryptionWithRsa"},
                         {5, "AuthRevisedEncryptionWithRsa"},
                         {9, "AuthEcdsaSha256"},
                         {10, "AuthEcdsaSha384"},
                         {11, "AuthEcdsaSha512"}};
constexpr named group_1[]{{1, "GroupDefault768BitModpGroup"},
                          {2, "GroupAlternate1024BitModpGroup"},
                          {3, "GroupEc2nOnGp2p155"},
                          {4, "GroupEc2nOnGp2p185"},
                          {5, "GroupModp1536Bit"},
                          {14, "GroupModp2048Bit"},
                          {15, "GroupModp3072Bit"},
                          {16, "GroupModp4096Bit"},
                          {17, "GroupModp6144Bit"},
                          {18, "GroupModp8192Bit"},
                          {19, "GroupEcp256Bit"},
                          {20, "GroupEcp384Bit"},
                          {21, "GroupEcp521Bit"}};
constexpr named group_type[]{{1, "GroupTypeModp"}, {2, "GroupTypeEcp"}, {3, "GroupTypeEc2n"}};
constexpr named life_type[]{{1, "LifeTypeSeconds"}, {2, "LifeTypeKilobytes"}};

constexpr named enc_2[]{{1, "ENCR_DES_IV64"},
                        {2, "ENCR_DES"},
                        {3, "ENCR_3DES"},
                        {4, "ENCR_RC5"},
                        {5, "ENCR_IDEA"},
                        {6, "ENCR_CAST"},
                        {7, "ENCR_BLOWFISH"},
                        {8, "ENCR_3IDEA"},
                        {9, "ENCR_DES_IV32"},
                        {11, "ENCR_NULL"},
                        {12, "ENCR_AES_CBC"},
                        {13, "ENCR_AES_CTR"},
                        {14, "ENCR_AES_CCM_8"},
                        {15, "ENCR_AES_CCM_12"},
                        {16, "ENCR_AES_CCM_16"},
                        {18, "ENCR_AES_GCM_8"},
                        {19, "ENCR_AES_GCM_12"},
                        {20, "ENCR_AES_GCM_16"},
                        {21, "ENCR_NULL_AUTH_AES_GMAC"},
                        {23, "ENCR_CAMELLIA_CBC"},
                        {24, "ENCR_CAMELLIA_CTR"},
                        {25, "ENCR_CAMELLIA_CCM_8"},
                        {26, "ENCR_CAMELLIA_CCM_12"},
                        {27, "ENCR_CAMELLIA_CCM_16"},
                        {28, "ENCR_CHACHA20_POLY1305"}};
constexpr named prf_2[]{
    {0, "PRF_NULL"},          {1, "PRF_HMAC_MD5"},      {2, "PRF_HMAC_SHA1"},
    {3, "PRF_HMAC_TIGER"},    {4, "PRF_AES128_XCBC"},   {5, "PRF_HMAC_SHA2_256"},
    {6, "PRF_HMAC_SHA2_384"}, {7, "PRF_HMAC_SHA2_512"}, {8, "PRF_AES128_CMAC"}};
constexpr named auth_2[]{{0, "NONE"},
                         {1, "AUTH_HMAC_MD5_96"},
                         {2, "AUTH_HMAC_SHA1_96"},
                         {3, "AUTH_DES_MAC"},
                         {4, "AUTH_KPDK_MD5"},
                         {5, "AUTH_AES_XCBC_96"},
                         {6, "AUTH_HMAC_MD5_128"},
                         {7, "AUTH_HMAC_SHA1_160"},
                         {8, "AUTH_AES_CMAC_96"},
                         {9, "AUTH_AES_128_GMAC"},
                         {10, "AUTH_AES_192_GMAC"},
                         {11, "AUTH_AES_256_GMAC"},
                         {12, "AUTH_HMAC_SHA2_256_128"},
                         {13, "AUTH_HMAC_SHA2_384_192"},
                         {14, "AUTH_HMAC_SHA2_512_256"}};
constexpr named dh_2[]{{0, "None"},
                       {1, "Modp768"},
                       {2, "Modp1024"},
                       {5, "Modp1536"},
                       {14, "Modp2048"},
                       {15, "Modp3072"},
                       {16, "Modp4096"},
                       {17, "Modp6144"},
                       {18, "Modp8192"},
                       {19, "Ecp256"},
                       {20, "Ecp384"},
                       {21, "Ecp521"},
                       {22, "Modp1024s160"},
                       {23, "Modp2048s224"},
                       {24, "Modp2048s256"},
                       {25, "Ecp192"},
                       {26, "Ecp224"},
                       {27, "BrainpoolP224r1"},
                       {28, "BrainpoolP256r1"},
                       {29, "BrainpoolP384r1"},
                       {30, "BrainpoolP512r1"},
                       {31, "Curve25519"},
                       {32, "Curve448"}};
constexpr named esn_2[]{{0, "NoESN"}, {1, "ESN"}};

constexpr named payloads_1[]{{0, "NoNextPayload"},
                             {1, "SecurityAssociation"},
                             {2, "Proposal"},
                             {3, "Transform"},
                             {4, "KeyExchange"},
                             {5, "Identification"},
                             {6, "Certificate"},
                             {7, "CertificateRequest"},
                             {8, "Hash"},
                             {9, "Signature"},
                             {10, "Nonce"},
                             {11, "Notification"},
                             {12, "Delete"},
                             {13, "VendorID"},
                             {15, "SaKekPayload"},
                             {16, "SaTekPayload"},
                             {17, "KeyDownload"},
                             {18, "SequenceNumber"},
                             {19, "ProofOfPossession"},
                             {20, "NatDiscovery"},
                             {21, "NatOriginalAddress"},
                             {22, "GroupAssociatedPolicy"}};
constexpr named payloads_2[]{{0, "NoNextPayload"},
                             {33, "SecurityAssociation"},
                             {34, "KeyExchange"},
                             {35, "IDInitiator"},
                             {36, "IDResponder"},
                             {37, "Certificate"},
                             {38, "CertificateRequest"},
                             {39, "Authentication"},
                             {40, "Nonce"},
                             {41, "Notify"},
                             {42, "Delete"},
                             {43, "VendorID"},
                             {44, "TrafficSelectorInitiator"},
                             {45, "TrafficSelectorResponder"},
                             {46, "EncryptedAndAuthenticated"},
                             {47, "Configuration"},
                             {48, "ExtensibleAuthentication"},
                             {49, "GenericSecurePasswordMethod"},
                             {50, "GroupIdentification"},
                             {51, "GroupSecurityAssociation"},
                             {52, "KeyDownload"},
                             {53, "EncryptedFragment"}};
constexpr named notifies[]{{1, "UNSUPPORTED_CRITICAL_PAYLOAD"},
                           {4, "INVALID_IKE_SPI"},
                           {5, "INVALID_MAJOR_VERSION"},
                           {7, "INVALID_SYNTAX"},
                           {9, "INVALID_MESSAGE_ID"},
                           {11, "INVALID_SPI"},
                           {14, "NO_PROPOSAL_CHOSEN"},
                           {17, "INVALID_KE_PAYLOAD"},
                           {24, "AUTHENTICATION_FAILED"},
                           {34, "SINGLE_PAIR_REQUIRED"},
                           {35, "NO_ADDITIONAL_SAS"},
                           {36, "INTERNAL_ADDRESS_FAILURE"},
                           {37, "FAILED_CP_REQUIRED"},
                           {38, "TS_UNACCEPTABLE"},
                           {39, "INVALID_SELECTORS"},
                           {40, "UNACCEPTABLE_ADDRESSES"},
                           {41, "UNEXPECTED_NAT_DETECTED"},
                           {42, "USE_ASSIGNED_HoA"},
                           {43, "TEMPORARY_FAILURE"},
                           {44, "CHILD_SA_NOT_FOUND"},
                           {45, "INVALID_GROUP_ID"},
                           {46, "AUTHORIZATION_FAILED"},
                           {16384, "INITIAL_CONTACT"},
                           {16385, "SET_WINDOW_SIZE"},
                           {16386, "ADDITIONAL_TS_POSSIBLE"},
                           {16387, "IPCOMP_SUPPORTED"},
                           {16388, "NAT_DETECTION_SOURCE_IP"},
                           {16389, "NAT_DETECTION_DESTINATION_IP"},
                           {16390, "COOKIE"},
                           {16391, "USE_TRANSPORT_MODE"},
                           {16392, "HTTP_CERT_LOOKUP_SUPPORTED"},
                           {16393, "REKEY_SA"},
                           {16394, "ESP_TFC_PADDING_NOT_SUPPORTED"},
                           {16395, "NON_FIRST_FRAGMENTS_ALSO"},
                           {16396, "MOBIKE_SUPPORTED"},
                           {16404, "MULTIPLE_AUTH_SUPPORTED"},
                           {16406, "REDIRECT_SUPPORTED"},
                           {16407, "REDIRECT"},
                           {16417, "EAP_ONLY_AUTHENTICATION"},
                           {16418, "CHILDLESS_IKEV2_SUPPORTED"},
                           {16430, "IKEV2_FRAGMENTATION_SUPPORTED"},
                           {16431, "SIGNATURE_HASH_ALGORITHMS"},
                           {16435, "USE_PPK"},
                           {16438, "INTERMEDIATE_EXCHANGE_SUPPORTED"}};

std::string_view find(table in, std::uint64_t value) noexcept {
  const auto at =
      std::find_if(in.begin(), in.end(), [&](const named& one) { return one.value == value; });
  return at == in.end() ? std::string_view{} : at->name;
}

table names_of_1(attribute_kind kind) noexcept {
  switch (kind) {
  case attribute_kind::alg_enc: return enc_1;
  case attribute_kind::alg_hash: return hash_1;
  case attribute_kind::alg_auth: return auth_1;
  case attribute_kind::alg_dh: return group_1;
  case attribute_kind::sa_group_type: return group_type;
  case attribute_kind::sa_life_type: return life_type;
  default: return {};
  }
}
table names_of_2(attribute_kind kind) noexcept {
  switch (kind) {
  case attribute_kind::alg_enc: return enc_2;
  case attribute_kind::alg_prf: return prf_2;
  case attribute_kind::alg_auth:
  case attribute_kind::alg_integ: return auth_2;
  case attribute_kind::alg_dh: return dh_2;
  case attribute_kind::alg_esn: return esn_2;
  default: return {};
  }
}

} // namespace

std::string_view name_of(attribute_kind kind) noexcept {
  static constexpr std::array<std::string_view, attribute_kind_count> names{
      "alg_enc",      "alg_hash",         "alg_auth",      "alg_dh",
      "alg_prf",      "alg_integ",        "alg_esn",       "sa_group_type",
      "sa_life_type", "sa_life_duration", "sa_key_length", "sa_field_size"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view value_name(unsigned version, attribute_kind kind, std::uint64_t value) noexcept {
  const auto found = find(version == 1 ? names_of_1(kind) : names_of_2(kind), value);
  return found.empty() ? "Unknown" : found;
}

std::string_view payload_name(unsigned version, std::uint8_t type) noexcept {
  const auto found = find(version == 1 ? table{payloads_1} : table{payloads_2}, type);
  return found.empty() ? "Unknown" : found;
}

std::string_view notify_name(std::uint16_t type) noexcept {
  return find(notifies, type);
}

bool is_weak(attribute_kind kind, std::uint64_t value) noexcept {
  switch (kind) {
  case attribute_kind::alg_enc: return value <= 11;
  case attribute_kind::alg_prf: return value <= 2;
  case attribute_kind::alg_auth: return (value >= 1 && value <= 4) || value == 6 || value == 7;
  case attribute_kind::alg_dh:
    return value == 1 || value == 2 || value == 5 || (value >= 22 && value <= 24);
  default: return false;
  }
}

bool is_combined(std::uint64_t encryption) noexcept {
  return (encryption >= 14 && encryption <= 20) || (encryption >= 25 && encryption <= 28);
}

} // namespace cresset::detect::proto::ike
