; The installer for Windows, for Inno Setup. packaging/windows.py compiles it and defines:
;   Version, VersionNumbers   0.1.0, and four numbers for Windows' own comparison
;   Folder                    the packaged application
;   Output, Name              where the installer goes, and its name without .exe
;   License, Icons            the file for the licence page; the folder with the .ico files
;   Date, Time                that every installed file carries, so that a build can be repeated
;   Signed                    defined where /Ssigntool=... is given, too

#define Application "HITL desk"

[Setup]
; Never change it: Windows knows by it which installation a newer one replaces.
AppId={{A5AE7FB5-7A90-4E1C-8C0B-3F0B9C5D2E74}
AppName={#Application}
AppVersion={#Version}
AppVerName={#Application} {#Version}
AppPublisher=The hitl-app authors
VersionInfoVersion={#VersionNumbers}
VersionInfoProductTextVersion={#Version}
; For one user without an administrator; Setup asks whether it should be for all users.
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
; The oldest that Qt runs on.
MinVersion=10.0.17763
DefaultDirName={autopf}\{#Application}
DisableProgramGroupPage=yes
LicenseFile={#License}
SetupIconFile={#Icons}\hitl-app.ico
UninstallDisplayIcon={app}\hitl-desk.exe
UninstallDisplayName={#Application}
WizardStyle=modern
; A desk that runs is asked to close: what was typed is saved by then.
CloseApplications=yes
RestartApplications=no
ChangesAssociations=yes
ChangesEnvironment=yes
Compression=lzma2/max
SolidCompression=yes
OutputDir={#Output}
OutputBaseFilename={#Name}
TimeStampsInUTC=yes
TouchDate={#Date}
TouchTime={#Time}
#ifdef Signed
SignTool=signtool
#endif

[Languages]
Name: "english"; MessagesFile: "compiler:Default.isl"
Name: "chinese"; MessagesFile: "compiler:Default.isl,chinese.isl"

[Messages]
english.ConfirmUninstall=Remove %1 from this computer? Your data stay where they are.

[CustomMessages]
english.Bundle=HITL desk bundle
english.AddToPath=Have the command hitl-app in new terminals (&PATH)

[Tasks]
Name: "association"; Description: "{cm:AssocFileExtension,{#Application},.hitl}"
Name: "path"; Description: "{cm:AddToPath}"; Flags: unchecked
Name: "desktop"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[InstallDelete]
; Parts of an older version; data that --portable keeps beside the program are not there.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Folder}\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion touch
Source: "{#Icons}\hitl-app-bundle.ico"; DestDir: "{app}"; Flags: ignoreversion touch

[Icons]
Name: "{autoprograms}\{#Application}"; Filename: "{app}\hitl-desk.exe"
Name: "{autodesktop}\{#Application}"; Filename: "{app}\hitl-desk.exe"; Tasks: desktop

[Registry]
Root: HKA; Subkey: "Software\Classes\.hitl"; ValueType: string; ValueData: "hitl-app.bundle"; Flags: uninsdeletevalue uninsdeletekeyifempty; Tasks: association
Root: HKA; Subkey: "Software\Classes\.hitl"; ValueType: string; ValueName: "Content Type"; ValueData: "application/vnd.hitl-app.bundle+zip"; Flags: uninsdeletevalue; Tasks: association
Root: HKA; Subkey: "Software\Classes\.hitl\OpenWithProgids"; ValueType: string; ValueName: "hitl-app.bundle"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty; Tasks: association
Root: HKA; Subkey: "Software\Classes\hitl-app.bundle"; ValueType: string; ValueData: "{cm:Bundle}"; Flags: uninsdeletekey; Tasks: association
Root: HKA; Subkey: "Software\Classes\hitl-app.bundle\DefaultIcon"; ValueType: string; ValueData: "{app}\hitl-app-bundle.ico"; Tasks: association
Root: HKA; Subkey: "Software\Classes\hitl-app.bundle\shell\open\command"; ValueType: string; ValueData: """{app}\hitl-desk.exe"" ""%1"""; Tasks: association

[Run]
Filename: "{app}\hitl-desk.exe"; Description: "{cm:LaunchProgram,{#Application}}"; Flags: nowait postinstall skipifsilent

[Code]
function EnvironmentKey: String;
begin
  if IsAdminInstallMode then
    Result := 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
  else
    Result := 'Environment';
end;

function WithoutFolder(Folders, Folder: String): String;
var
  Start: Integer;
begin
  Result := ';' + Folders + ';';
  Start := Pos(';' + Lowercase(Folder) + ';', Lowercase(Result));
  while Start > 0 do
  begin
    Delete(Result, Start, Length(Folder) + 1);
    Start := Pos(';' + Lowercase(Folder) + ';', Lowercase(Result));
  end;
  Result := Copy(Result, 2, Length(Result) - 2);
end;

procedure PutOnPath(Wanted: Boolean);
var
  Before, After, Folder: String;
begin
  if not RegQueryStringValue(HKA, EnvironmentKey, 'Path', Before) then
    Before := '';
  Folder := ExpandConstant('{app}');
  After := WithoutFolder(Before, Folder);
  if Wanted and (After <> '') then
    After := After + ';' + Folder
  else if Wanted then
    After := Folder;
  if After <> Before then
    RegWriteExpandStringValue(HKA, EnvironmentKey, 'Path', After);
end;

procedure CurStepChanged(CurStep: TSetupStep);
begin
  if CurStep = ssPostInstall then
    PutOnPath(WizardIsTaskSelected('path'));
end;

procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
begin
  if CurUninstallStep = usPostUninstall then
    PutOnPath(False);
end;
