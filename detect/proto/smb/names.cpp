#include "detect/proto/smb/names.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace cresset::detect::proto::smb {
namespace {

struct named {
  std::uint32_t number;
  std::string_view name;
};

std::string_view find(std::span<const named> table, std::uint32_t number) noexcept {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const named& one) { return one.number == number; });
  return found == table.end() ? std::string_view{} : found->name;
}

constexpr named commands1[]{{0x00, "CREATE_DIRECTORY"},
                            {0x01, "DELETE_DIRECTORY"},
                            {0x02, "OPEN"},
                            {0x03, "CREATE"},
                            {0x04, "CLOSE"},
                            {0x05, "FLUSH"},
                            {0x06, "DELETE"},
                            {0x07, "RENAME"},
                            {0x08, "QUERY_INFORMATION"},
                            {0x09, "SET_INFORMATION"},
                            {0x0a, "READ"},
                            {0x0b, "WRITE"},
                            {0x0c, "LOCK_BYTE_RANGE"},
                            {0x0d, "UNLOCK_BYTE_RANGE"},
                            {0x0e, "CREATE_TEMPORARY"},
                            {0x0f, "CREATE_NEW"},
                            {0x10, "CHECK_DIRECTORY"},
                            {0x11, "PROCESS_EXIT"},
                            {0x12, "SEEK"},
                            {0x13, "LOCK_AND_READ"},
                            {0x14, "WRITE_AND_UNLOCK"},
                            {0x1a, "READ_RAW"},
                            {0x1b, "READ_MPX"},
                            {0x1d, "WRITE_RAW"},
                            {0x1e, "WRITE_MPX"},
                            {0x20, "WRITE_COMPLETE"},
                            {0x22, "SET_INFORMATION2"},
                            {0x23, "QUERY_INFORMATION2"},
                            {0x24, "LOCKING_ANDX"},
                            {0x25, "TRANS"},
                            {0x26, "TRANS_SECONDARY"},
                            {0x27, "IOCTL"},
                            {0x2a, "MOVE"},
                            {0x2b, "ECHO"},
                            {0x2c, "WRITE_AND_CLOSE"},
                            {0x2d, "OPEN_ANDX"},
                            {0x2e, "READ_ANDX"},
                            {0x2f, "WRITE_ANDX"},
                            {0x31, "CLOSE_AND_TREE_DISC"},
                            {0x32, "TRANS2"},
                            {0x33, "TRANS2_SECONDARY"},
                            {0x34, "FIND_CLOSE2"},
                            {0x70, "TREE_CONNECT"},
                            {0x71, "TREE_DISCONNECT"},
                            {0x72, "NEGOTIATE_PROTOCOL"},
                            {0x73, "SESSION_SETUP_ANDX"},
                            {0x74, "LOGOFF_ANDX"},
                            {0x75, "TREE_CONNECT_ANDX"},
                            {0x80, "QUERY_INFO_DISK"},
                            {0x81, "SEARCH"},
                            {0x82, "FIND"},
                            {0x83, "FIND_UNIQUE"},
                            {0x84, "FIND_CLOSE"},
                            {0xa0, "NT_TRANS"},
                            {0xa1, "NT_TRANS_SECONDARY"},
                            {0xa2, "NT_CREATE_ANDX"},
                            {0xa4, "NT_CANCEL"},
                            {0xa5, "NT_RENAME"},
                            {0xc0, "OPEN_PRINT_FILE"},
                            {0xc1, "WRITE_PRINT_FILE"},
                            {0xc2, "CLOSE_PRINT_FILE"},
                            {0xc3, "GET_PRINT_QUEUE"},
                            {0xd8, "READ_BULK"},
                            {0xd9, "WRITE_BULK"},
                            {0xda, "WRITE_BULK_DATA"}};

constexpr std::array<std::string_view, 19> commands2{"NEGOTIATE_PROTOCOL",
                                                     "SESSION_SETUP",
                                                     "SESSION_LOGOFF",
                                                     "TREE_CONNECT",
                                                     "TREE_DISCONNECT",
                                                     "CREATE",
                                                     "CLOSE",
                                                     "FLUSH",
                                                     "READ",
                                                     "WRITE",
                                                     "LOCK",
                                                     "IOCTL",
                                                     "CANCEL",
                                                     "KEEPALIVE",
                                                     "FIND",
                                                     "CHANGE_NOTIFY",
                                                     "GET_INFO",
                                                     "SET_INFO",
                                                     "OPLOCK_BREAK"};

constexpr named statuses[]{{0x00000000, "STATUS_SUCCESS"},
                           {0x00000103, "STATUS_PENDING"},
                           {0x00000104, "STATUS_REPARSE"},
                           {0x00000105, "STATUS_MORE_ENTRIES"},
                           {0x0000010b, "STATUS_NOTIFY_CLEANUP"},
                           {0x0000010c, "STATUS_NOTIFY_ENUM_DIR"},
                           {0x80000005, "STATUS_BUFFER_OVERFLOW"},
                           {0x80000006, "STATUS_NO_MORE_FILES"},
                           {0x8000001a, "STATUS_NO_MORE_ENTRIES"},
                           {0x8000002d, "STATUS_STOPPED_ON_SYMLINK"},
                           {0xc0000001, "STATUS_UNSUCCESSFUL"},
                           {0xc0000002, "STATUS_NOT_IMPLEMENTED"},
                           {0xc0000003, "STATUS_INVALID_INFO_CLASS"},
                           {0xc0000004, "STATUS_INFO_LENGTH_MISMATCH"},
                           {0xc0000008, "STATUS_INVALID_HANDLE"},
                           {0xc000000d, "STATUS_INVALID_PARAMETER"},
                           {0xc000000e, "STATUS_NO_SUCH_DEVICE"},
                           {0xc000000f, "STATUS_NO_SUCH_FILE"},
                           {0xc0000010, "STATUS_INVALID_DEVICE_REQUEST"},
                           {0xc0000011, "STATUS_END_OF_FILE"},
                           {0xc0000016, "STATUS_MORE_PROCESSING_REQUIRED"},
                           {0xc0000017, "STATUS_NO_MEMORY"},
                           {0xc0000022, "STATUS_ACCESS_DENIED"},
                           {0xc0000023, "STATUS_BUFFER_TOO_SMALL"},
                           {0xc0000024, "STATUS_OBJECT_TYPE_MISMATCH"},
                           {0xc0000033, "STATUS_OBJECT_NAME_INVALID"},
                           {0xc0000034, "STATUS_OBJECT_NAME_NOT_FOUND"},
                           {0xc0000035, "STATUS_OBJECT_NAME_COLLISION"},
                           {0xc0000039, "STATUS_OBJECT_PATH_INVALID"},
                           {0xc000003a, "STATUS_OBJECT_PATH_NOT_FOUND"},
                           {0xc000003b, "STATUS_OBJECT_PATH_SYNTAX_BAD"},
                           {0xc0000041, "STATUS_PORT_CONNECTION_REFUSED"},
                           {0xc0000043, "STATUS_SHARING_VIOLATION"},
                           {0xc0000054, "STATUS_FILE_LOCK_CONFLICT"},
                           {0xc0000055, "STATUS_LOCK_NOT_GRANTED"},
                           {0xc0000056, "STATUS_DELETE_PENDING"},
                           {0xc0000061, "STATUS_PRIVILEGE_NOT_HELD"},
                           {0xc0000064, "STATUS_NO_SUCH_USER"},
                           {0xc000006a, "STATUS_WRONG_PASSWORD"},
                           {0xc000006d, "STATUS_LOGON_FAILURE"},
                           {0xc000006e, "STATUS_ACCOUNT_RESTRICTION"},
                           {0xc000006f, "STATUS_INVALID_LOGON_HOURS"},
                           {0xc0000070, "STATUS_INVALID_WORKSTATION"},
                           {0xc0000071, "STATUS_PASSWORD_EXPIRED"},
                           {0xc0000072, "STATUS_ACCOUNT_DISABLED"},
                           {0xc000007f, "STATUS_DISK_FULL"},
                           {0xc0000098, "STATUS_FILE_INVALID"},
                           {0xc000009a, "STATUS_INSUFFICIENT_RESOURCES"},
                           {0xc00000a2, "STATUS_MEDIA_WRITE_PROTECTED"},
                           {0xc00000ab, "STATUS_INSTANCE_NOT_AVAILABLE"},
                           {0xc00000ac, "STATUS_PIPE_NOT_AVAILABLE"},
                           {0xc00000ad, "STATUS_INVALID_PIPE_STATE"},
                           {0xc00000ae, "STATUS_PIPE_BUSY"},
                           {0xc00000b0, "STATUS_PIPE_DISCONNECTED"},
                           {0xc00000b1, "STATUS_PIPE_CLOSING"},
                           {0xc00000b4, "STATUS_INVALID_READ_MODE"},
                           {0xc00000b5, "STATUS_IO_TIMEOUT"},
                           {0xc00000ba, "STATUS_FILE_IS_A_DIRECTORY"},
                           {0xc00000bb, "STATUS_NOT_SUPPORTED"},
                           {0xc00000c3, "STATUS_INVALID_NETWORK_RESPONSE"},
                           {0xc00000c9, "STATUS_NETWORK_NAME_DELETED"},
                           {0xc00000ca, "STATUS_NETWORK_ACCESS_DENIED"},
                           {0xc00000cc, "STATUS_BAD_NETWORK_NAME"},
                           {0xc00000d0, "STATUS_REQUEST_NOT_ACCEPTED"},
                           {0xc00000e9, "STATUS_UNEXPECTED_IO_ERROR"},
                           {0xc0000101, "STATUS_DIRECTORY_NOT_EMPTY"},
                           {0xc0000103, "STATUS_NOT_A_DIRECTORY"},
                           {0xc000010a, "STATUS_PROCESS_IS_TERMINATING"},
                           {0xc0000120, "STATUS_CANCELLED"},
                           {0xc0000121, "STATUS_CANNOT_DELETE"},
                           {0xc0000123, "STATUS_FILE_DELETED"},
                           {0xc0000128, "STATUS_FILE_CLOSED"},
                           {0xc000014b, "STATUS_PIPE_BROKEN"},
                           {0xc000015b, "STATUS_LOGON_TYPE_NOT_GRANTED"},
                           {0xc0000184, "STATUS_INVALID_DEVICE_STATE"},
                           {0xc0000185, "STATUS_IO_DEVICE_ERROR"},
                           {0xc000018b, "STATUS_NO_TRUST_SAM_ACCOUNT"},
                           {0xc0000193, "STATUS_ACCOUNT_EXPIRED"},
                           {0xc0000203, "STATUS_USER_SESSION_DELETED"},
                           {0xc0000205, "STATUS_INSUFF_SERVER_RESOURCES"},
                           {0xc0000224, "STATUS_PASSWORD_MUST_CHANGE"},
                           {0xc0000225, "STATUS_NOT_FOUND"},
                           {0xc0000234, "STATUS_ACCOUNT_LOCKED_OUT"},
                           {0xc0000235, "STATUS_HANDLE_NOT_CLOSABLE"},
                           {0xc0000257, "STATUS_PATH_NOT_COVERED"},
                           {0xc0000275, "STATUS_NOT_A_REPARSE_POINT"},
                           {0xc000035c, "STATUS_NETWORK_SESSION_EXPIRED"},
                           {0xc0000466, "STATUS_SERVER_UNAVAILABLE"},
                           {0xc0000467, "STATUS_FILE_NOT_AVAILABLE"}};

constexpr named dos_errors[]{
    {1, "DOS_BADFUNC"},         {2, "DOS_BADFILE"},      {3, "DOS_BADPATH"},
    {4, "DOS_NOFIDS"},          {5, "DOS_NOACCESS"},     {6, "DOS_BADFID"},
    {8, "DOS_NOMEM"},           {0x10, "DOS_REMCD"},     {0x12, "DOS_NOFILES"},
    {0x20, "DOS_BADSHARE"},     {0x21, "DOS_LOCK"},      {0x32, "DOS_UNSUP"},
    {0x43, "DOS_NOSUCHSHARE"},  {0x50, "DOS_FILEXISTS"}, {0x7c, "DOS_UNKNOWNLEVEL"},
    {0xe6, "DOS_BADPIPE"},      {0xe7, "DOS_PIPEBUSY"},  {0xe8, "DOS_PIPECLOSING"},
    {0xe9, "DOS_NOTCONNECTED"}, {0xea, "DOS_MOREDATA"}};
constexpr named server_errors[]{
    {1, "SRV_ERROR"},      {2, "SRV_BADPW"},         {4, "SRV_ACCESS"},
    {5, "SRV_BADTID"},     {6, "SRV_BADNETNAME"},    {7, "SRV_BADDEVICE"},
    {0x16, "SRV_SMBCMD"},  {0x32, "SRV_NOROOM"},     {0x57, "SRV_TOOMANYUIDS"},
    {0x58, "SRV_TIMEOUT"}, {0x59, "SRV_NOROOM"},     {0x5a, "SRV_TOOMANYUIDS"},
    {0x5b, "SRV_BADUID"},  {0xffff, "SRV_NOSUPPORT"}};

constexpr std::array<std::string_view, 6> dispositions{"FILE_SUPERSEDE", "FILE_OPEN",
                                                       "FILE_CREATE",    "FILE_OPEN_IF",
                                                       "FILE_OVERWRITE", "FILE_OVERWRITE_IF"};

constexpr named functions[]{{0x00060194, "FSCTL_DFS_GET_REFERRALS"},
                            {0x000601b0, "FSCTL_DFS_GET_REFERRALS_EX"},
                            {0x0011400c, "FSCTL_PIPE_PEEK"},
                            {0x00110018, "FSCTL_PIPE_WAIT"},
                            {0x0011c017, "FSCTL_PIPE_TRANSCEIVE"},
                            {0x00144064, "FSCTL_SRV_ENUMERATE_SNAPSHOTS"},
                            {0x00140078, "FSCTL_SRV_REQUEST_RESUME_KEY"},
                            {0x001401d4, "FSCTL_LMR_REQUEST_RESILIENCY"},
                            {0x001401fc, "FSCTL_QUERY_NETWORK_INTERFACE_INFO"},
                            {0x00140204, "FSCTL_VALIDATE_NEGOTIATE_INFO"},
                            {0x001440f2, "FSCTL_SRV_COPYCHUNK"},
                            {0x001441bb, "FSCTL_SRV_READ_HASH"},
                            {0x001480f2, "FSCTL_SRV_COPYCHUNK_WRITE"},
                            {0x000900a4, "FSCTL_SET_REPARSE_POINT"},
                            {0x000900a8, "FSCTL_GET_REPARSE_POINT"},
                            {0x000900c4, "FSCTL_SET_SPARSE"},
                            {0x000980c8, "FSCTL_SET_ZERO_DATA"},
                            {0x000940cf, "FSCTL_QUERY_ALLOCATED_RANGES"},
                            {0x0009c040, "FSCTL_SET_COMPRESSION"},
                            {0x0009009c, "FSCTL_GET_OBJECT_ID"},
                            {0x000900c0, "FSCTL_CREATE_OR_GET_OBJECT_ID"},
                            {0x00098208, "FSCTL_FILE_LEVEL_TRIM"},
                            {0x00098268, "FSCTL_SET_INTEGRITY_INFORMATION"},
                            {0x00090300, "FSCTL_QUERY_SHARED_VIRTUAL_DISK_SUPPORT"}};

constexpr std::array<std::string_view, 4> classes{"FILE_INFO", "FILESYSTEM_INFO", "SECURITY_INFO",
                                                  "QUOTA_INFO"};
constexpr named file_levels[]{
    {4, "SMB2_FILE_BASIC_INFO"},        {5, "SMB2_FILE_STANDARD_INFO"},
    {10, "SMB2_FILE_RENAME_INFO"},      {11, "SMB2_FILE_LINK_INFO"},
    {13, "SMB2_FILE_DISPOSITION_INFO"}, {14, "SMB2_FILE_POSITION_INFO"},
    {15, "SMB2_FILE_FULL_EA_INFO"},     {16, "SMB2_FILE_MODE_INFO"},
    {19, "SMB2_FILE_ALLOCATION_INFO"},  {20, "SMB2_FILE_ENDOFFILE_INFO"},
    {23, "SMB2_FILE_PIPE_INFO"},        {40, "SMB2_FILE_SHORT_NAME_INFO"}};
constexpr named levels1[]{
    {0x0001, "SET_INFO_STANDARD"},         {0x0002, "SET_INFO_SET_EAS"},
    {0x0101, "SET_FILE_BASIC_INFO"},       {0x0102, "SET_FILE_DISPOSITION_INFO"},
    {0x0103, "SET_FILE_ALLOCATION_INFO"},  {0x0104, "SET_FILE_END_OF_FILE_INFO"},
    {0x03ec, "SET_FILE_BASIC_INFO"},       {0x03f2, "SET_FILE_RENAME_INFO"},
    {0x03f5, "SET_FILE_DISPOSITION_INFO"}, {0x03fb, "SET_FILE_ALLOCATION_INFO"},
    {0x03fc, "SET_FILE_END_OF_FILE_INFO"}};

std::string digits_of(std::uint64_t value, unsigned least) {
  std::string text;
  for (; value != 0 || text.size() < least; value >>= 4)
    text += "0123456789abcdef"[value & 0xfU];
  std::reverse(text.begin(), text.end());
  return text;
}

} // namespace

std::string hex(std::uint64_t value, unsigned least_digits) {
  return "0x" + digits_of(value, least_digits);
}

std::string command_name(int version, std::uint16_t command) {
  if (version == 1) {
    const auto name = find(commands1, command);
    return "SMB1_COMMAND_" +
           (name.empty() ? "UNKNOWN_" + digits_of(command, 2) : std::string{name});
  }
  return "SMB2_COMMAND_" + (command < commands2.size() ? std::string{commands2[command]}
                                                       : "UNKNOWN_" + digits_of(command, 4));
}

std::string_view status_name(std::uint32_t status) noexcept {
  return find(statuses, status);
}

std::string_view dos_error_name(std::uint8_t error_class, std::uint16_t code) noexcept {
  if (error_class == 0)
    return "STATUS_SUCCESS";
  return error_class == 1   ? find(dos_errors, code)
         : error_class == 2 ? find(server_errors, code)
                            : std::string_view{};
}

std::string dialect_name(std::uint16_t dialect) {
  constexpr named known[]{{0x0202, "2.02"}, {0x0210, "2.10"}, {0x0222, "2.22"},
                          {0x0224, "2.24"}, {0x02ff, "2.??"}, {0x0300, "3.00"},
                          {0x0302, "3.02"}, {0x0310, "3.10"}, {0x0311, "3.11"}};
  const auto name = find(known, dialect);
  return name.empty() ? "unknown" : std::string{name};
}

std::string_view disposition_name(std::uint32_t disposition) noexcept {
  return disposition < dispositions.size() ? dispositions[disposition] : "UNKNOWN";
}

std::string_view function_name(std::uint32_t function) noexcept {
  return find(functions, function);
}

std::string_view information_class(std::uint8_t type) noexcept {
  return type >= 1 && type <= classes.size() ? classes[type - 1U] : std::string_view{};
}
std::string_view information_level(std::uint8_t type, std::uint8_t level) noexcept {
  return type == 1 ? find(file_levels, level) : std::string_view{};
}
std::string_view information_level1(std::uint16_t level) noexcept {
  return find(levels1, level);
}

} // namespace cresset::detect::proto::smb
